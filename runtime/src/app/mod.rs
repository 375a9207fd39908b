//! An application: what `main` builds and runs.
//!
//! - [`App`]: the builder.
//! - [`Startup`]: what a provider sees.
//! - `cli`: the command line.
//! - `serve`: from configuration to a running server, and back.
//! - `state`: what handlers share.
//! - `announce`: what a person reads at start.

mod announce;
mod cli;
mod error;
mod logging;
mod serve;
mod startup;
mod state;

pub use startup::Startup;
pub use state::AppState;

use axum::Router;
use startup::{Provider, ProviderOf};
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
#[must_use = "call `run`"]
#[derive(Default)]
pub struct App {
    providers: Vec<Box<dyn Provider>>,
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

    /// Adds a router of axum's own, with its layers and its fallback. It gets the requests that no `#[route]` serves.
    ///
    /// Its routes are not counted as work at shutdown, and get no deadline. Of several routers at most one may have a
    /// fallback.
    pub fn router(mut self, router: Router) -> Self {
        self.router = Some(match self.router {
            Some(own) => own.merge(router),
            None => router,
        });
        self
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
