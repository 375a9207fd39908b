//! All settings.

use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::review::Review;
use super::{
    Auth, Events, Handlers, Health, Log, Metrics, Mongo, Namespaces, Otlp, Pages, Reload, Routes, Server, SocketIo,
    handlers, namespaces, otlp, routes,
};

/// All settings of a lambdio process.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where the process listens and how it stops.
    pub server: Server,
    /// The Socket.IO endpoint: its path, its heartbeat and its limits.
    pub socketio: SocketIo,
    /// How long an event may take, and how many may wait.
    pub events: Events,
    /// The database and the connections to it.
    #[schemars(extend("x-restart" = true))]
    pub mongo: Mongo,
    /// How users prove who they are.
    pub auth: Auth,
    /// The directory of static files, and what browsers are told with them.
    pub pages: Pages,
    /// What is logged, and how.
    pub log: Log,
    /// When the settings are read again.
    pub reload: Reload,
    /// Where others ask whether the process works.
    pub health: Health,
    /// Where metrics are shown.
    #[schemars(extend("x-restart" = true))]
    pub metrics: Metrics,
    /// Where traces of OpenTelemetry are sent, with OTLP over HTTP, if there is this table. Default none. It is an error in a
    /// program that is built without the feature `otlp` of lambdio.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-restart" = "presence"))]
    pub otlp: Option<Otlp>,
    /// Settings by namespace, for example `[namespaces."/documents"]`.
    pub namespaces: Namespaces,
    /// Settings of single handlers, for example `[handlers."/documents".push]`.
    pub handlers: Handlers,
    /// Settings of single HTTP routes, for example `[routes."POST /auth/register"]`.
    pub routes: Routes,
    /// The application's own settings, one table each, checked against the application's own types. They may hold secrets and
    /// are not written out.
    #[serde(skip_serializing)]
    pub app: BTreeMap<String, Map<String, Value>>,
}

impl Settings {
    /// The JSON Schema of the settings, with a description of every key.
    #[must_use]
    pub fn schema() -> Schema {
        schema_for!(Settings)
    }

    pub(super) fn review(&self, review: &mut Review<'_>) {
        self.server.review(review);
        self.socketio.review(review);
        self.events.review(review);
        if self.events.queue_size < self.socketio.max_message_size {
            review.contradict(
                &[&["events", "queue_size"], &["socketio", "max_message_size"]],
                format!(
                    "must be at least socketio.max_message_size, which is {}: such a message would find no room",
                    self.socketio.max_message_size
                ),
            );
        }
        self.mongo.review(review);
        self.auth.review(review);
        self.pages.review(review);
        self.log.review(review);
        self.health.review(&self.socketio.path, review);
        self.metrics.review(review);
        otlp::review(self.otlp.as_ref(), review);
        if self.metrics.enabled && self.metrics.port != 0 && self.metrics.port == self.server.port {
            review.contradict(&[&["metrics", "port"], &["server", "port"]], "must be another port than server.port");
        }
        namespaces::review(&self.namespaces, review);
        handlers::review(&self.handlers, review);
        routes::review(&self.routes, review);
    }
}

/// The application's own tables may hold secrets; their values are not shown.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("server", &self.server)
            .field("socketio", &self.socketio)
            .field("events", &self.events)
            .field("mongo", &self.mongo)
            .field("auth", &self.auth)
            .field("pages", &self.pages)
            .field("log", &self.log)
            .field("reload", &self.reload)
            .field("health", &self.health)
            .field("metrics", &self.metrics)
            .field("otlp", &self.otlp)
            .field("namespaces", &self.namespaces)
            .field("handlers", &self.handlers)
            .field("routes", &self.routes)
            .field("app", &self.app.keys())
            .finish()
    }
}
