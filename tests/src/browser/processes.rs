//! The processes of a test's browsers.

use super::Browser;
use crate::{driver::Driver, failure::Place, secrets::Secrets, setup};
use serde::Deserialize;
use serde_json::json;
use std::{
    sync::{Arc, OnceLock},
    time::{Duration, SystemTime},
};
use tempfile::TempDir;

/// All browsers of one test, and the process that drives them.
#[derive(Debug)]
pub(crate) struct Browsers {
    driver: Arc<Driver>,
    /// When the first server ended.
    network_ended: OnceLock<SystemTime>,
    /// Where browsers keep what they keep.
    _profiles: TempDir,
}

/// What went wrong in a page.
#[derive(Debug, Deserialize)]
struct Problem {
    /// Milliseconds of the epoch.
    at: u64,
    /// Whether it went wrong for want of a network.
    network: bool,
    text: String,
}

impl Browsers {
    /// Starts the process. Ends the test where it cannot run.
    pub fn start(secrets: Secrets) -> Self {
        let profiles = tempfile::Builder::new().prefix("chromium-").tempdir_in(setup::tmp());
        let profiles = profiles.expect("a folder for browsers");
        let variables = [("CHROMIUM", setup::chromium()), ("TMPDIR", profiles.path())];
        let driver = Driver::start_script("browser.mjs", &variables, secrets);
        Self { driver: Arc::new(driver), network_ended: OnceLock::new(), _profiles: profiles }
    }

    pub async fn person(&self, name: &str, url: &str, in_own_process: bool, place: Place) -> Browser {
        Browser::begin(self.driver.clone(), name, url, in_own_process, place).await
    }

    /// From now on it is no fault of a page that there is no network.
    pub fn network_ends(&self) {
        self.network_ended.get_or_init(SystemTime::now);
    }

    /// Ends the browsers, and gives what went wrong.
    pub async fn end(&self) -> Vec<String> {
        let ended = match self.driver.command("end", json!({})).await {
            Ok(ended) => ended,
            Err(error) => return vec![error],
        };
        let problems = match serde_json::from_value::<Vec<Problem>>(ended["problems"].clone()) {
            Ok(problems) => problems,
            Err(error) => return vec![error.to_string()],
        };
        let counts = |problem: &Problem| {
            let at = SystemTime::UNIX_EPOCH + Duration::from_millis(problem.at);
            !problem.network || self.network_ended.get().is_none_or(|ended| at < *ended)
        };
        problems.into_iter().filter(counts).map(|problem| problem.text).collect()
    }
}
