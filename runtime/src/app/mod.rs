//! An application: what `main` builds and runs.
//!
//! - [`App`]: the builder.
//! - [`Startup`]: what a provider sees.
//! - `cli`: the command line.
//! - `prepare`: from configuration to an application that is ready to serve.
//! - `serve`: a server: a listener, and the signals that stop it.
//! - [`InProcess`]: the same without a network, for tests.
//! - `stop`: from a serving application to its end.
//! - `state`: what handlers share.
//! - `announce`: what a person reads at start.

mod announce;
mod cli;
mod error;
mod in_process;
mod logging;
mod prepare;
mod serve;
mod startup;
mod state;
mod stop;

pub use error::StartError;
pub use in_process::InProcess;
pub use startup::Startup;
pub use state::AppState;

use crate::auth::Authenticate;
use axum::Router;
use startup::{Provider, ProviderOf, SchemeMaker};
use std::{ffi::OsString, process::ExitCode};

/// An application: every handler that is linked into the program, and what they are given.
///
/// ```no_run
/// use my_handlers as _; // names the crate, so that its handlers are linked
///
/// # mod my_handlers {}
/// struct Mailer;
///
/// fn main() -> lambdio::ExitCode {
///     lambdio::App::new()
///         .provide(async |_startup| Ok::<_, lambdio::Error>(Mailer))
///         .run()
/// }
/// ```
#[must_use = "call `run`, or `in_process`"]
#[derive(Default)]
pub struct App {
    providers: Vec<Box<dyn Provider>>,
    schemes: Vec<Box<dyn SchemeMaker>>,
    router: Option<Router>,
}

impl App {
    /// An application with every handler that is linked into the program.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a value at start that handlers get as [`Provided<T>`](crate::Provided).
    ///
    /// `make` runs once, after the database is there and before anything is served, in the order of the calls. Its error
    /// ends the start.
    pub fn provide<T, E, F>(mut self, make: F) -> Self
    where
        T: Send + Sync + 'static,
        E: Into<crate::Error> + 'static,
        F: AsyncFnOnce(&Startup) -> Result<T, E> + 'static,
    {
        self.providers.push(Box::new(ProviderOf::new(make)));
        self
    }

    /// Adds a way to prove who one is, beside the accounts or in their place: an identity provider's tokens, API keys, ….
    ///
    /// Schemes are asked in the order of the calls, the accounts last. `make` runs once, as that of
    /// [`provide`](Self::provide) does, after it.
    ///
    /// ```no_run
    /// # use lambdio::auth::{Authenticate, Credentials, Identity};
    /// # #[lambdio::payload] struct Settings { issuer: String }
    /// # struct Tokens(Settings);
    /// # impl Authenticate for Tokens {
    /// #     type Claims = ();
    /// #     async fn authenticate(&self, _: &Credentials<'_>) -> Result<Option<Identity>, lambdio::Error> { Ok(None) }
    /// # }
    /// fn main() -> lambdio::ExitCode {
    ///     lambdio::App::new()
    ///         .authenticate(async |startup| {
    ///             let settings: Settings = startup.config("tokens")?; // [app.tokens]
    ///             Ok::<_, lambdio::Error>(Tokens(settings)) // `impl Authenticate for Tokens`
    ///         })
    ///         .run()
    /// }
    /// ```
    ///
    /// See [`Authenticate`] for how to write one.
    pub fn authenticate<A, E, F>(mut self, make: F) -> Self
    where
        A: Authenticate,
        E: Into<crate::Error> + 'static,
        F: AsyncFnOnce(&Startup) -> Result<A, E> + 'static,
    {
        self.schemes.push(Box::new(ProviderOf::new(make)));
        self
    }

    /// Adds a router of axum's own, with its layers and its fallback. It gets the requests that no `#[route]` serves, and no
    /// file of `[pages]`: GET and HEAD of an address that leads to a file are answered with that.
    ///
    /// Where the router finds nothing and says nothing, status 404 without a body, people with a browser get the page
    /// `404.html`, if there is one. Whatever else its fallback answers stays.
    ///
    /// Its routes are not counted as work at shutdown, and get no deadline. Of several routers at most one may have a
    /// fallback.
    ///
    /// Pages of other origins may read from them and change nothing, and those in `server.public_urls` and
    /// `socketio.origins` get the headers of CORS, as everywhere. But no `content-type` is asked for, as a `#[route]` does.
    /// To let further pages read its answers, a router may have a CORS layer of its own.
    pub fn router(mut self, router: Router) -> Self {
        self.router = Some(match self.router {
            Some(own) => own.merge(router),
            None => router,
        });
        self
    }

    /// Starts the application inside this process, for clients that come over memory instead of a network: no port, no
    /// signals, no command line, no log of its own. Everything else is what a server does, in the same way.
    ///
    /// `overrides` are settings, as after `--set`; below them are the built-in defaults, and no files or environment. The
    /// database is started where a handler asks for it: `mongo.uri` names another one than the embedded, and
    /// `mongo.embedded.data_dir` keeps two embedded ones apart.
    ///
    /// Several applications may run in one process. They have the same handlers, as all that are linked into it, and
    /// nothing else in common. It has to be called inside a tokio runtime, and the application lives on that.
    /// The future stays on its thread, as providers may need that.
    ///
    /// # Errors
    /// Everything that would keep a server from starting, but the port.
    pub async fn in_process<S: Into<String>>(
        self,
        overrides: impl IntoIterator<Item = S>,
    ) -> Result<InProcess, StartError> {
        InProcess::start(self, overrides.into_iter().map(Into::into).collect()).await
    }

    /// Reads the command line, and does what it says: serve, or list the handlers.
    ///
    /// Returns when the server has stopped: success after a clean stop, failure after a printed error.
    #[must_use]
    pub fn run(self) -> ExitCode {
        self.run_with(std::env::args_os())
    }

    /// As [`run`](Self::run), with a command line of your own. The first argument is the program's name.
    #[must_use]
    pub fn run_with(self, arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
        cli::run(self, arguments)
    }
}
