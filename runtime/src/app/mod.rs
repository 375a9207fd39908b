//! An application: what `main` builds and runs.
//!
//! - [`App`]: the builder.
//! - [`Startup`]: what a provider sees.
//! - `commands`: the command line.
//! - `found`: everything that stands in the way of a start or a reload.
//! - `addresses`: what a server listens on.
//! - `prepare`: from configuration to an application that is ready to serve.
//! - `serve`: a server: a listener, and the signals that stop it.
//! - `memory`: how much of it is kept.
//! - `service_manager`: what systemd is told.
//! - [`InProcess`]: the same without a network, for tests.
//! - `stop`: from a serving application to its end.
//! - `state`: what handlers share; `snapshot`: the part of it that follows the settings.
//! - `tables`: the application's own settings.
//! - `reload`: new settings while it runs.
//! - `announce`: what a person reads at start.

mod addresses;
mod announce;
mod commands;
mod error;
mod found;
mod in_process;
mod memory;
mod prepare;
mod reload;
mod serve;
mod service_manager;
mod snapshot;
mod startup;
mod state;
mod stop;
mod tables;

pub use error::StartError;
pub use in_process::InProcess;
pub use startup::Startup;
pub use state::AppState;
pub use tables::Live;

use crate::{
    auth::Authenticate,
    config::{AppTable, Mistake},
};
use axum::Router;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
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
    tables: Vec<AppTable>,
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

    /// Says what the table `[app.<name>]` of the configuration holds. Handlers get it as [`Provided<T>`](crate::Provided), as it
    /// was at start. A missing table is an empty one.
    ///
    /// What does not fit `T` keeps the application from starting, and refuses a reload, with all other mistakes. The
    /// commands `check`, `config` and `schema` know the table. [`Startup::config`] gives its value to providers, also of tables
    /// that were not declared.
    ///
    /// `config` shows the table's values to operators, except those of type [`Secret`](crate::config::Secret) and those whose
    /// name says that they are secret, such as `api_key`.
    ///
    /// ```no_run
    /// # use lambdio::prelude::*;
    /// #[payload]
    /// struct Mail { server: String }
    ///
    /// fn main() -> lambdio::ExitCode {
    ///     lambdio::App::new()
    ///         .settings::<Mail>("mail") // [app.mail]
    ///         .run()
    /// }
    /// ```
    pub fn settings<T>(self, name: &'static str) -> Self
    where
        T: DeserializeOwned + JsonSchema + Send + Sync + 'static,
    {
        self.settings_checked::<T>(name, |_| Vec::new())
    }

    /// The same with a check of one's own, which says what is wrong in a table that fits its type.
    ///
    /// ```no_run
    /// # use lambdio::{config::Mistake, prelude::*};
    /// #[payload]
    /// struct Mail { server: String }
    ///
    /// fn check(mail: &Mail) -> Vec<Mistake> {
    ///     let mut mistakes = Vec::new();
    ///     if mail.server.contains("://") {
    ///         mistakes.push(Mistake::at("server", "expected a name without a scheme"));
    ///     }
    ///     mistakes
    /// }
    ///
    /// fn main() -> lambdio::ExitCode {
    ///     lambdio::App::new().settings_checked("mail", check).run()
    /// }
    /// ```
    pub fn settings_checked<T>(
        mut self,
        name: &'static str,
        check: impl Fn(&T) -> Vec<Mistake> + Send + Sync + 'static,
    ) -> Self
    where
        T: DeserializeOwned + JsonSchema + Send + Sync + 'static,
    {
        self.tables.push(AppTable::of(name, check));
        self.provide(async move |startup| startup.config::<T>(name))
    }

    /// The same as [`settings`](Self::settings) for a table that a reload changes: handlers get it as
    /// [`Provided<Live<T>>`](Live). The schema says to operators that it changes.
    ///
    /// ```no_run
    /// # use lambdio::prelude::*;
    /// #[payload]
    /// struct Shop { open: bool }
    ///
    /// fn main() -> lambdio::ExitCode {
    ///     lambdio::App::new()
    ///         .live_settings::<Shop>("shop") // [app.shop]
    ///         .run()
    /// }
    /// ```
    pub fn live_settings<T>(self, name: &'static str) -> Self
    where
        T: DeserializeOwned + JsonSchema + Send + Sync + 'static,
    {
        self.live_settings_checked::<T>(name, |_| Vec::new())
    }

    /// The same with a check of one's own, as [`settings_checked`](Self::settings_checked) has it, at start and at each reload.
    pub fn live_settings_checked<T>(
        mut self,
        name: &'static str,
        check: impl Fn(&T) -> Vec<Mistake> + Send + Sync + 'static,
    ) -> Self
    where
        T: DeserializeOwned + JsonSchema + Send + Sync + 'static,
    {
        self.tables.push(AppTable::of(name, check).live());
        self.provide(async move |startup| startup.live_config::<T>(name))
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

    /// Reads the command line, and does what it says: serve, check, show the settings, call a handler, …. `--help` has it all.
    ///
    /// Returns when that is done, as a server when it has stopped: 0 after a success, 1 after a printed error, 2 where the
    /// command line cannot be understood.
    #[must_use]
    pub fn run(self) -> ExitCode {
        self.run_with(std::env::args_os())
    }

    /// As [`run`](Self::run), with a command line of your own. The first argument is the program's name.
    #[must_use]
    pub fn run_with(self, arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
        commands::run(self, arguments)
    }
}
