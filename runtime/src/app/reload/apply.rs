//! Puts new settings in force. Nothing of this can fail.

use super::Fresh;
use crate::{app::AppState, auth::Ending};
use std::sync::Arc;

/// Puts new settings in force. Invocations that were accepted before keep what held for them.
pub(super) fn apply(app: &AppState, fresh: Fresh) {
    let Fresh { snapshot, tokens, tables } = fresh;
    let snapshot = Arc::new(snapshot);
    app.snapshot.store(snapshot.clone());
    app.present.take_over(&snapshot.registry);
    let settings = snapshot.config.settings();
    app.work.apply(&settings.events);
    app.blocking.resize(settings.events.blocking_threads);
    app.clients.apply(settings);
    app.sender.set_ack_timeout(settings.socketio.ack_timeout);
    app.auth.apply(&snapshot.config, tokens);
    app.log.apply(settings);
    for table in tables {
        table();
    }
    put_out_strangers(app);
}

/// Puts out who may not be where they are any more. Who is being let in looks at the new settings, after this could find them.
fn put_out_strangers(app: &AppState) {
    for socket in app.sender.everybody() {
        let connection = socket.connection();
        if connection.namespace.entry().keeps(connection.user.as_ref()).is_err() {
            connection.log_out(Ending::PolicyChanged);
        }
    }
}
