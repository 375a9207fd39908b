//! Connects, creates collections and indexes, disconnects.

use super::embedded::{Embedded, EmbeddedError, EmbeddedOptions};
use crate::{config::Mongo as Settings, registry::CollectionNeed};
use mongodb::{
    Client, Database,
    bson::doc,
    error::{Error as DriverError, ErrorKind},
    options::{Acknowledgment, ClientOptions, ReadConcern, WriteConcern},
};

/// The application's database, and the private `mongod` behind it if there is one.
pub(crate) struct Mongo {
    client: Client,
    database: Database,
    embedded: Option<Embedded>,
}

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MongoError {
    #[error("mongo.embedded: {0}")]
    Embedded(#[from] EmbeddedError),
    #[error("mongo.uri: {0}")]
    Address(DriverError),
    #[error("mongo.uri: no answer from the database: {0}")]
    Away(DriverError),
    #[error("mongo: the collection {collection:?} could not be made ready: {error}")]
    Collection { collection: &'static str, error: DriverError },
}

impl Mongo {
    /// Connects, and waits for the first answer.
    pub async fn start(settings: &Settings) -> Result<Self, MongoError> {
        let embedded = if settings.is_embedded() { Some(start_embedded(settings).await?) } else { None };
        let mut options = match &embedded {
            Some(embedded) => embedded.client_options(),
            None => ClientOptions::parse(settings.uri.expose()).await.map_err(MongoError::Address)?,
        };
        options.app_name.get_or_insert_with(|| "lambdio".to_owned());
        options.max_pool_size.get_or_insert(settings.max_pool_size);
        options.server_selection_timeout.get_or_insert(settings.server_selection_timeout);
        options.connect_timeout.get_or_insert(settings.connect_timeout);
        // what is acknowledged has reached the disk of most members
        let durable = WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build();
        options.write_concern.get_or_insert(durable);
        options.read_concern.get_or_insert(ReadConcern::majority());
        let client = Client::with_options(options).map_err(MongoError::Address)?;
        let database = client.database(&settings.database);
        database.run_command(doc! { "ping": 1 }).await.map_err(MongoError::Away)?;
        Ok(Self { client, database, embedded })
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Makes sure that collections and indexes are there. What is there already is left alone.
    pub async fn create_collections(&self, needs: impl IntoIterator<Item = CollectionNeed>) -> Result<(), MongoError> {
        let mut needs: Vec<CollectionNeed> = needs.into_iter().collect();
        needs.sort_by_key(|need| (need.name, need.indexes as usize));
        needs.dedup_by_key(|need| (need.name, need.indexes as usize));
        for CollectionNeed { name: collection, indexes } in needs {
            let failed = |error| MongoError::Collection { collection, error };
            match self.database.create_collection(collection).await {
                Err(error) if !exists(&error) => return Err(failed(error)),
                Ok(()) | Err(_) => {}
            }
            let indexes = indexes();
            if !indexes.is_empty() {
                let collection = self.database.collection::<mongodb::bson::Document>(collection);
                collection.create_indexes(indexes).await.map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Closes the connections, then ends the private `mongod`.
    pub async fn stop(self) {
        self.client.shutdown().immediate(true).await;
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

async fn start_embedded(settings: &Settings) -> Result<Embedded, MongoError> {
    let embedded = &settings.embedded;
    let mut options = EmbeddedOptions::new(&embedded.data_dir);
    options.binary.clone_from(&embedded.binary);
    options.cache_dir.clone_from(&embedded.cache_dir);
    Ok(Embedded::start(options).await?)
}

/// Whether a collection of this name is there already.
fn exists(error: &DriverError) -> bool {
    const NAMESPACE_EXISTS: i32 = 48;
    matches!(error.kind.as_ref(), ErrorKind::Command(failure) if failure.code == NAMESPACE_EXISTS)
}
