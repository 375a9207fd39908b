//! What the attributes expand to, in full: a change of generated code is a change of a file in `snapshots/`.

use crate::{event, guard, handler_error, handlers, payload};
use proc_macro2::TokenStream;
use quote::quote;

/// The expansion, as rustfmt would write it.
fn pretty(expansion: &TokenStream) -> String {
    match syn::parse2(expansion.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(error) => format!("{error}: {expansion}"),
    }
}

#[test]
fn a_handler_with_arguments_and_a_fallible_reply() {
    let keys = quote!(namespace = "/documents", event = "edit", timeout = "2s", roles = ["admin", "editor"]);
    let expansion = handlers::handler(
        keys,
        &quote! {
            /// Edits.
            #[cfg(feature = "edit")]
            pub(crate) async fn edit(user: User, Data(edit): Data<Edit>) -> Result<Edited, EditError> {
                Ok(Edited { revision: edit.revision + 1 })
            }
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn a_connect_handler() {
    let expansion = handlers::connect(
        quote!(namespace = "/vault", roles = ["admin"]),
        &quote! {
            async fn arrive(socket: Socket) {}
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn a_connect_middleware_of_every_namespace() {
    let expansion = handlers::middleware(
        quote!(connect, order = -10),
        &quote! {
            async fn check() -> Result<(), lambdio::Error> {
                Ok(())
            }
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn an_event_middleware() {
    let expansion = handlers::middleware(
        quote!(event, namespace = "/chat", order = 10),
        &quote! {
            async fn timed(event: EventName, next: Next) -> Result<Reply, lambdio::Error> {
                next.run().await
            }
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn a_guard() {
    let expansion = guard::guard(
        quote!(),
        &quote! {
            /// Who may edit.
            #[cfg(feature = "edit")]
            pub async fn can_edit(user: User, Data(edit): Data<Edit>) -> Result<(), EditError> {
                Ok(())
            }
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn a_blocking_catch_all_with_a_guard() {
    let expansion = handlers::handler(
        quote!(namespace = "/numbers", any, guard = guards::can_count, blocking),
        &quote! {
            fn count(Data(most): Data<u64>) -> u64 {
                (0..most).sum()
            }
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn a_route() {
    let expansion = handlers::route(
        quote!(post = "/documents/{id}", max_in_flight = 10, auth = "required", roles = ["admin"]),
        &quote! {
            async fn r#move(Path(id): Path<Id>) -> WithStatus<Id> {
                WithStatus(201, id)
            }
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn a_handler_with_a_wrong_key_is_served_and_reported() {
    let expansion = handlers::handler(
        quote!(evnt = "say"),
        &quote! {
            async fn say() {}
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn a_function_that_cannot_be_a_handler_is_passed_on_and_reported() {
    let expansion = handlers::disconnect(
        quote!(),
        &quote! {
            fn leave(socket: &Socket) {}
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn a_payload() {
    let expansion = payload::payload(
        quote!(),
        &quote! {
            #[serde(rename_all = "camelCase")]
            pub struct Edit {
                text: String,
            }
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn an_event() {
    let expansion = event::event(
        quote!(name = "said"),
        &quote! {
            struct Said {
                text: String,
            }
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn an_event_with_an_acknowledgement() {
    let expansion = event::event(
        quote!(namespace = "/chat", name = "asked", ack = Result<Answer, Vec<u8>>),
        &quote! {
            #[cfg(feature = "ask")]
            pub struct Asked(String);
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn an_event_that_spreads() {
    let expansion = event::event(
        quote!(name = "moved"),
        &quote! {
            struct Moved(Args<(u32, u32)>);
        },
    );
    insta::assert_snapshot!(pretty(&expansion));
}

#[test]
fn an_error() {
    let expansion = handler_error::derive(quote! {
        enum EditError {
            #[handler_error(code = "stale_revision", message = "at revision {revision}", status = 409)]
            Stale { revision: i64, #[handler_error(details)] current: Current, seen: bool },
            #[handler_error(code = "pair", message = "{1} and {0:?}")]
            Pair(u8, u8),
            #[handler_error(code = "not_found", message = "not {{here}}")]
            NotFound,
            #[handler_error(other)]
            Other(lambdio::Error),
        }
    });
    insta::assert_snapshot!(pretty(&expansion));
}
