//! Connects, creates collections and indexes, disconnects.

use super::{
    embedded::{self, Embedded, EmbeddedError, EmbeddedOptions},
    monitor::Monitor,
    waiting::{Patience, in_short, until_it_answers, while_it_is_away},
};
use crate::{config::Mongo as Settings, health::ReadinessPart, metrics, registry::CollectionNeed};
use mongodb::{
    Client, Database,
    bson::doc,
    error::{Error as DriverError, ErrorKind},
    options::{Acknowledgment, ClientOptions, ReadConcern, WriteConcern},
};
use std::{future::pending, pin::pin, time::Duration};
use tokio::time::timeout;

/// How long the end of the connections may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// The application's database, and the private `mongod` behind it if there is one.
pub(crate) struct Mongo {
    client: Client,
    database: Database,
    monitor: Monitor,
    embedded: Option<Embedded>,
    /// How long the start waits for it.
    patience: Patience,
}

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MongoError {
    #[error("mongo.embedded: {0}")]
    Embedded(#[from] EmbeddedError),
    #[error(transparent)]
    Setting(#[from] embedded::Wrong),
    #[error("mongo.uri: {}", in_short(.0))]
    Address(DriverError),
    #[error("mongo.uri: the database refuses us: {}. Look at the user, the password and authSource in the address", in_short(.0))]
    Refused(DriverError),
    #[error("mongo.uri: no answer from the database within {limit:?} ({key}): {reason}")]
    Away { limit: Duration, key: &'static str, reason: String },
    #[error("mongo: the start was called off")]
    CalledOff,
    #[error("mongo: the collection {collection:?} could not be made ready: {}", in_short(error))]
    Collection { collection: &'static str, error: DriverError },
}

impl Mongo {
    /// Connects, and waits for the first answer: `mongo.startup_timeout` where the database is not the embedded one, which
    /// has its own time. From then on `part` tells whether it answers. When `called_off` completes before, a private `mongod`
    /// that was started has ended before this returns.
    pub async fn start(
        called_off: impl Future<Output = ()>,
        settings: &Settings,
        part: ReadinessPart,
    ) -> Result<Self, MongoError> {
        Self::start_within(Patience::at_start(settings), called_off, settings, part).await
    }

    /// The same for a command that may run beside a server: where that has the embedded `mongod`, both use it. A database
    /// that does not answer is not waited for.
    pub async fn reach(settings: &Settings) -> Result<Self, MongoError> {
        let (patience, part) = (Patience::of_command(settings), ReadinessPart::starting());
        if settings.is_embedded()
            && let Some(options) = embedded::attach(&options(settings)).await?
        {
            return Self::connect(patience, settings, options, part).await;
        }
        Self::start_within(patience, pending(), settings, part).await
    }

    async fn start_within(
        patience: Patience,
        called_off: impl Future<Output = ()>,
        settings: &Settings,
        part: ReadinessPart,
    ) -> Result<Self, MongoError> {
        let mut called_off = pin!(called_off);
        let embedded = if settings.is_embedded() {
            Some(Embedded::start_unless(called_off.as_mut(), options(settings)).await?)
        } else {
            None
        };
        let connecting = async {
            match &embedded {
                Some(embedded) => Self::connect(patience.anew(), settings, embedded.client_options(), part).await,
                None => {
                    // it may ask name servers
                    let parse = async || ClientOptions::parse(settings.uri.expose()).await;
                    Self::connect(patience, settings, until_it_answers(patience, parse).await?, part).await
                }
            }
        };
        let connected = tokio::select! {
            connected = connecting => connected,
            () = called_off => Err(MongoError::CalledOff),
        };
        match (connected, embedded) {
            (Ok(connected), embedded) => Ok(Self { embedded, ..connected }),
            (Err(error), Some(embedded)) => {
                embedded.stop().await;
                Err(error)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn connect(
        patience: Patience,
        settings: &Settings,
        options: ClientOptions,
        part: ReadinessPart,
    ) -> Result<Self, MongoError> {
        let options = complete(options, settings);
        let mut counted = options.clone();
        metrics::observe_mongodb(&mut counted);
        let client = Client::with_options(counted).map_err(MongoError::Address)?;
        let database = client.database(&settings.database);
        until_it_answers(patience, async || database.run_command(doc! { "ping": 1 }).await).await?;
        let monitor = Monitor::start(options, part).map_err(MongoError::Address)?;
        Ok(Self { client, database, monitor, embedded: None, patience })
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Makes sure that collections and indexes are there. What is there already is left alone. Where the database goes away
    /// meanwhile, it is waited for as long as for its first answer, all in all.
    pub async fn create_collections(&self, needs: impl IntoIterator<Item = CollectionNeed>) -> Result<(), MongoError> {
        let mut needs: Vec<CollectionNeed> = needs.into_iter().collect();
        needs.sort_by_key(|need| (need.name, need.indexes as usize));
        needs.dedup_by_key(|need| (need.name, need.indexes as usize));
        for CollectionNeed { name: collection, indexes } in needs {
            let failed = |error| MongoError::Collection { collection, error };
            let create = async || match self.database.create_collection(collection).await {
                Err(error) if !already_exists(&error) => Err(error),
                Ok(()) | Err(_) => Ok(()),
            };
            while_it_is_away(self.patience, create, failed).await?;
            let indexes = indexes();
            if !indexes.is_empty() {
                let collection = self.database.collection::<mongodb::bson::Document>(collection);
                let create = async || collection.create_indexes(indexes.clone()).await;
                while_it_is_away(self.patience, create, failed).await?;
            }
        }
        Ok(())
    }

    /// What a start would find: an answer of the database, or how the embedded one would be started. In words.
    pub async fn look(settings: &Settings) -> Result<String, MongoError> {
        if settings.is_embedded() {
            let options = options(settings);
            return Ok([embedded::look_for_binary(&options)?, embedded::look_at_data(&options)?].join("; "));
        }
        Self::reach(settings).await?.stop().await;
        Ok("it answers".to_owned())
    }

    /// Closes the connections, then ends the private `mongod`.
    pub async fn stop(self) {
        drop(self.monitor);
        // one that hangs answers no farewell either
        let _ = timeout(FAREWELL, self.client.shutdown().immediate(true)).await;
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

/// Adds what the settings say to what the address says.
fn complete(mut options: ClientOptions, settings: &Settings) -> ClientOptions {
    options.app_name.get_or_insert_with(|| "lambdio".to_owned());
    options.max_pool_size.get_or_insert(settings.max_pool_size);
    options.server_selection_timeout.get_or_insert(settings.server_selection_timeout);
    options.connect_timeout.get_or_insert(settings.connect_timeout);
    // what is acknowledged has reached the disk of most members
    let durable = WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build();
    options.write_concern.get_or_insert(durable);
    options.read_concern.get_or_insert(ReadConcern::majority());
    options
}

/// The settings of the private `mongod`.
pub(super) fn options(settings: &Settings) -> EmbeddedOptions {
    let embedded = &settings.embedded;
    let mut options = EmbeddedOptions::new(&embedded.data_dir);
    options.binary.clone_from(&embedded.binary);
    options.cache_dir.clone_from(&embedded.cache_dir);
    options
}

/// Whether a command to create a collection found one of this name.
pub(crate) fn already_exists(error: &DriverError) -> bool {
    const NAMESPACE_EXISTS: i32 = 48;
    matches!(error.kind.as_ref(), ErrorKind::Command(failure) if failure.code == NAMESPACE_EXISTS)
}
