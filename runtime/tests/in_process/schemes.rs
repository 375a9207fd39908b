//! Ways to prove who one is: in which order they are asked, and what renews a log-in.

use crate::support::{Started, start_with};
use lambdio::{
    App, Code,
    auth::{Authenticate, Credentials, Identity},
};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

/// Takes tokens that begin with its prefix and go on with a number, which becomes the claims of the user, for an hour.
/// 0 is the same as 1, for good; 13 is nobody.
struct Tokens {
    prefix: &'static str,
}

impl Authenticate for Tokens {
    type Claims = u32;

    async fn authenticate(&self, credentials: &Credentials<'_>) -> Result<Option<Identity<u32>>, lambdio::Error> {
        let Some(number) = credentials.token().and_then(|token| token.strip_prefix(self.prefix)) else {
            return Ok(None);
        };
        match number.parse() {
            Ok(0) => Ok(Some(Identity::new("user", 1))),
            Ok(13) | Err(_) => Err(Code::Unauthenticated.into()),
            Ok(number) => {
                let end = SystemTime::now() + Duration::from_secs(3600);
                Ok(Some(Identity::new("user", number).expires_at(end)))
            }
        }
    }
}

async fn members() -> Started {
    let app = App::new()
        .authenticate(async |_| Ok::<_, lambdio::Error>(Tokens { prefix: "one:" }))
        .authenticate(async |_| Ok::<_, lambdio::Error>(Tokens { prefix: "" }));
    start_with(app, &["namespaces.\"/work\".auth=required"]).await
}

#[tokio::test]
async fn the_next_scheme_is_asked_unless_one_has_answered() {
    let Started { app, .. } = members().await;
    for right in ["one:1", "1"] {
        app.client("/work").auth(&json!({ "token": right })).await.unwrap();
    }
    for wrong in ["one:13", "13", "one:x"] {
        let refused = app.client("/work").auth(&json!({ "token": wrong })).await.unwrap_err().to_string();
        assert!(refused.contains("unauthenticated"), "{refused}");
    }
}

#[tokio::test]
async fn a_login_is_renewed_by_equal_claims_for_as_long_as_they_hold() {
    let Started { app, .. } = members().await;
    let client = app.client("/work").auth(&json!({ "token": "1" })).await.unwrap();
    assert_eq!(client.ask_error("auth:renew", &json!({ "token": "2" })).await.unwrap().code, "forbidden");
    let renewed: Value = client.ask("auth:renew", &json!({ "token": "one:1" })).await.unwrap();
    assert!(renewed["expires_at"].is_string(), "{renewed}");
    let renewed: Value = client.ask("auth:renew", &json!({ "token": "0" })).await.unwrap();
    assert_eq!(renewed, json!({ "expires_at": null }), "it has no end any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_with_little_time_left_is_told_as_soon_as_it_is_in() {
    let app = App::new().authenticate(async |_| Ok::<_, lambdio::Error>(Tokens { prefix: "" }));
    let settings = ["namespaces.\"/work\".auth=required", "auth.expiry_notice=2h"];
    let Started { app, .. } = start_with(app, &settings).await;
    for _ in 0..200 {
        let client = app.client("/work").auth(&json!({ "token": "1" })).await.unwrap();
        let told: Value = client.next("auth:expiring").await.unwrap();
        assert!(told["expires_at"].is_string(), "{told}");
    }
}
