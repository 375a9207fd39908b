//! `check`: what keeps a server from starting.

use super::output::{print, show_warnings};
use crate::{
    app::{App, addresses::addresses, error::Obstacle, found::Found, prepare::Checked},
    config::{Config, Mongo as MongoSettings, Settings},
    http,
    mongo::Mongo,
};
use clap::Args;

/// Finds what would keep a server from starting, without starting one
///
/// Looks at the configuration, the handlers, the settings against the handlers, the pages, the keys, the certificate and the
/// addresses, and tells everything that is wrong at once. It leaves nothing behind, and may run beside the server, as before a
/// reload. What it did not look at, it says: the database may be away for a moment, and the ports are taken where the server
/// runs.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  {program} check
  {program} --profile production check --connect --bind

Exit codes:
  0  a server would start, as far as was looked at
  1  it would not; standard error has the reasons")]
pub(super) struct Arguments {
    /// Also connects to the database, and makes what the application provides
    ///
    /// Of an embedded database it looks for mongod and the data directory, and starts and fetches nothing.
    #[arg(long)]
    connect: bool,
    /// Also takes the ports, for a moment: an error while the server runs
    #[arg(long)]
    bind: bool,
}

pub(super) fn run(app: App, config: &Config, arguments: &Arguments) -> Result<(), String> {
    let _logging = show_warnings();
    let mut report = Report::default();
    report.looked("profile", config.profile().name());
    let mut found = Found::default();
    match Checked::of_server(app, config.clone()) {
        Ok(checked) => {
            look_at_addresses(config, arguments.bind, &mut report, &mut found);
            report.looked("handlers", &checked.registry().listing().len().to_string());
            look_at_files(config.settings(), &mut report);
            look_at_database(checked, config.settings(), arguments.connect, &mut report, &mut found)?;
        }
        Err(obstacle) => found.add(obstacle),
    }
    if found.is_empty() {
        return report.tell();
    }
    Err(found.into_obstacle().to_string())
}

/// What was looked at, and what was not.
#[derive(Default)]
struct Report {
    looked: Vec<(&'static str, String)>,
    left: Vec<&'static str>,
}

impl Report {
    fn looked(&mut self, what: &'static str, found: &str) {
        self.looked.push((what, found.to_owned()));
    }

    fn tell(&self) -> Result<(), String> {
        for (what, found) in &self.looked {
            print(&format!("{what:11}{found}"))?;
        }
        for left in &self.left {
            print(&format!("not looked at: {left}"))?;
        }
        print("ok")
    }
}

/// The addresses, which are this machine's.
fn look_at_addresses(config: &Config, bind: bool, report: &mut Report, found: &mut Found) {
    for address in addresses(config) {
        report.looked(address.of.name(), &address.at.to_string());
        if bind {
            found.keep(address.bind());
        }
    }
    if !bind {
        report.left.push("whether the ports are free (--bind)");
    }
}

fn look_at_files(settings: &Settings, report: &mut Report) {
    if let Some(dir) = &settings.pages.dir {
        report.looked("pages", &dir.display().to_string());
    }
    if let Some(tls) = &settings.server.tls {
        if let Ok(Some(warning)) = http::check_tls(&settings.server) {
            tracing::warn!("{warning}");
        }
        report.looked("tls", &format!("{}, {}", tls.cert_file.display(), tls.key_file.display()));
    }
    if settings.auth.accounts.is_some() {
        let made = "one that is made for the development profile".to_owned();
        let keys: Vec<_> = settings.auth.keys.iter().map(|key| key.id.clone()).collect();
        report.looked("keys", &if keys.is_empty() { made } else { keys.join(", ") });
    }
}

/// The database, and what the application makes with it.
fn look_at_database(
    checked: Checked,
    settings: &Settings,
    connect: bool,
    report: &mut Report,
    found: &mut Found,
) -> Result<(), String> {
    let is_needed = checked.registry().needs_database();
    if !connect {
        report.left.push(if is_needed {
            "the database, and what the application provides (--connect)"
        } else {
            "what the application provides (--connect)"
        });
        return Ok(());
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    for obstacle in runtime.block_on(reach(checked, &settings.mongo, is_needed, report)) {
        found.add(obstacle);
    }
    Ok(())
}

async fn reach(checked: Checked, settings: &MongoSettings, is_needed: bool, report: &mut Report) -> Vec<Obstacle> {
    if is_needed && settings.is_embedded() {
        report.left.push("what the application provides: it needs the embedded database, which was not started");
        return match Mongo::look(settings).await {
            Ok(found) => {
                report.looked("database", &format!("embedded: {found}"));
                Vec::new()
            }
            Err(error) => vec![error.into()],
        };
    }
    let mongo = match checked.start_mongo().await {
        Ok(mongo) => mongo,
        Err(obstacle) => return vec![obstacle],
    };
    report.looked("database", if mongo.is_some() { "it answers" } else { "none, no handler asks for it" });
    let found = checked.try_providers(mongo.as_ref()).await;
    if let Some(mongo) = mongo {
        mongo.stop().await;
    }
    found
}
