//! The database behind the servers that use one.

use crate::Failure;
use lambdio::mongo::embedded::{Embedded, EmbeddedOptions};
use tempfile::TempDir;

/// A new and empty database, on the load's core. It is gone when this is dropped.
pub struct Database {
    /// The address of its server, with user and password.
    pub uri: String,
    embedded: Embedded,
    _folder: TempDir,
}

impl Database {
    /// The database's name.
    pub const NAME: &str = "bench";

    pub async fn start() -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let embedded = Embedded::start(EmbeddedOptions::new(folder.path())).await?;
        Ok(Self { uri: lambdio_tests::mongodb_address(&embedded)?, embedded, _folder: folder })
    }

    pub async fn stop(self) {
        self.embedded.stop().await;
    }
}
