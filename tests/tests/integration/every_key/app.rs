//! `[app]`: the application's own settings, those of Documents.

use super::{
    Row, live,
    looks::{before, new_name, told},
    with,
};
use crate::documents::{Paper, created, member};
use lambdio_tests::{Server, Socket, World};
use serde_json::json;

pub(super) fn rows() -> Vec<Row> {
    vec![
        live(
            "app.documents.read_only",
            World::documents,
            [
                with("[app.documents]\nread_only = false", "invalid_title"),
                with("[app.documents]\nread_only = true", "maintenance"),
            ],
            async |server| told(&somebody(server).await.ask("create", json!([{ "title": "" }])).await),
        ),
        live(
            "app.documents.max_document_size",
            World::documents,
            [
                with("[app.documents]\nmax_document_size = \"10KiB\"", "document_full"),
                with("[app.documents]\nmax_document_size = \"40KiB\"", "null"),
            ],
            async |server| {
                let socket = somebody(server).await;
                let id = created(&socket, "Notes").await;
                let paper = Paper::opened(&socket, &id).await;
                told(&paper.piece(&paper.typed(0, &"x".repeat(20_000)), false).await)
            },
        ),
        live(
            "app.documents.max_people",
            World::documents,
            [with("[app.documents]\nmax_people = 1", "1"), with("[app.documents]\nmax_people = 3", "3")],
            async |server| {
                let owner = somebody(server).await;
                let id = created(&owner, "Notes").await;
                before("too_many_people", async || {
                    let name = new_name();
                    server.registered(&name).await;
                    told(&owner.ask("share", json!([{ "id": id, "name": name, "role": "reader" }])).await)
                })
                .await
            },
        ),
        live(
            "app.documents.max_documents",
            World::documents,
            [with("[app.documents]\nmax_documents = 1", "1"), with("[app.documents]\nmax_documents = 3", "3")],
            async |server| {
                let owner = somebody(server).await;
                let create = async || told(&owner.ask("create", json!([{ "title": "Notes" }])).await);
                before("too_many_documents", create).await
            },
        ),
    ]
}

/// Somebody new in `/documents`.
async fn somebody(server: &Server) -> Socket {
    member(server, &new_name()).await
}
