//! An application whose handlers exist to be tested. It asks for no database.
//!
//! - `addresses`: where clients come from.
//! - `payloads`: what goes in and comes back; `binary`: bytes; `emitted`: events of every shape.
//! - `sending`: what goes to others.
//! - `errors`: what goes wrong.
//! - `life`: coming, going, and the order in between; `presence`: who is there.
//! - `logs`: what is told of whom.
//! - `limits`: what waits, what runs beside, and what is too much.
//! - `middleware`: what stands around handlers, guards, rules, catch-alls, and what blocks.
//! - `waves`: crowds that come and go.

mod addresses;
mod binary;
mod emitted;
mod errors;
mod life;
mod limits;
mod logs;
mod middleware;
mod payloads;
mod presence;
mod sending;
mod strict;
mod waves;

use lambdio::{Startup, prelude::*};
use life::Journal;
use limits::Gates;
use sending::Later;

/// The settings `app.probe.*`.
#[payload]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Settings {
    greeting: String,
    /// Makes the start fail.
    broken: bool,
}

struct Greeting(String);

#[route(get = "/greeting")]
async fn greeting(greeting: Provided<Greeting>) -> String {
    greeting.0.0.clone()
}

fn main() -> lambdio::ExitCode {
    lambdio::App::new()
        .settings::<Settings>("probe")
        .provide(async |startup: &Startup| {
            let settings: Settings = startup.config("probe")?;
            if settings.broken {
                return Err(lambdio::Error::new(Code::Unavailable).with_cause("the settings say so"));
            }
            Ok(Greeting(settings.greeting))
        })
        .provide(async |startup: &Startup| Ok::<_, lambdio::Error>(Later::start(startup.emitter())))
        .provide(async |_: &Startup| Ok::<_, lambdio::Error>(Journal::default()))
        .provide(async |_: &Startup| Ok::<_, lambdio::Error>(Gates::default()))
        .run()
}
