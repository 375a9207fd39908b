//! `[namespaces]`.

use super::{
    Row, live,
    looks::{entering, guest, new_name, office, with_accounts},
    with,
};
use crate::roles_granted::with_roles;

pub(super) fn rows() -> Vec<Row> {
    vec![
        live(
            "namespaces.*.auth",
            |world| with_accounts(world, "policies"),
            [
                with("[namespaces.\"/street\"]\nauth = \"none\"", "let in"),
                with("[namespaces.\"/street\"]\nauth = \"required\"", "unauthenticated"),
            ],
            async |server| entering(&guest(server).await, "/street").await,
        ),
        live(
            "namespaces.*.roles",
            office,
            [
                with("[namespaces.\"/vault\"]\nroles = [\"admin\"]", "forbidden"),
                with("[namespaces.\"/vault\"]\nroles = [\"admin\", \"editor\"]", "let in"),
            ],
            async |server| {
                let editor = with_roles(server.world(), server, &new_name(), &["editor"]).await;
                entering(&editor, "/vault").await
            },
        ),
    ]
}
