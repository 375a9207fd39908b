//! People have accounts, machines have API keys: a scheme beside the accounts. A key is shown in the header `x-api-key`, or
//! by a Socket.IO client as `auth: { api_key }`. The configuration has its hash, so that who reads it cannot use it:
//!
//! ```toml
//! [auth.accounts]
//!
//! [namespaces."/machines"]
//! auth = "required"
//!
//! # openssl rand -hex 32 | tee /dev/tty | tr -d '\n' | sha256sum
//! [app.keys.a3c1…]
//! name = "weather station"
//! site = "Graz"
//! roles = ["sensor"]
//! ```

use lambdio::{
    Startup,
    auth::{Authenticate, Credentials, Identity},
    prelude::*,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

fn main() -> lambdio::ExitCode {
    lambdio::App::new().authenticate(async |startup| Keys::read(startup)).run()
}

/// A person or a machine.
#[route(get = "/me")]
async fn me(user: User) -> String {
    user.name().to_owned()
}

/// A person or a machine.
#[handler(namespace = "/machines", event = "who_am_i")]
async fn who_am_i(user: User) -> String {
    user.name().to_owned()
}

/// Machines only: a person is `forbidden`.
#[handler(namespace = "/machines", event = "report")]
async fn report(Data(degrees): Data<f64>, machine: User<Machine>) -> String {
    format!("{degrees} degrees in {}", machine.claims().site)
}

/// What is known of a machine beyond id, name and roles.
#[derive(Clone, PartialEq)]
struct Machine {
    site: String,
}

#[payload]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    site: String,
    #[serde(default)]
    roles: Vec<String>,
}

/// The machines, by the SHA-256 of their keys in hexadecimal.
struct Keys(HashMap<String, Entry>);

impl Keys {
    fn read(startup: &Startup) -> Result<Self, lambdio::Error> {
        let keys: HashMap<String, Entry> = startup.config("keys")?;
        let is_hash =
            |text: &String| text.len() == 64 && text.chars().all(|digit| matches!(digit, '0'..='9' | 'a'..='f'));
        if !keys.keys().all(is_hash) {
            let cause = "app.keys: its tables are named by the SHA-256 of the keys, in 64 small hexadecimal digits";
            return Err(lambdio::Error::from(Code::Internal).with_cause(cause));
        }
        Ok(Self(keys))
    }
}

impl Authenticate for Keys {
    type Claims = Machine;

    async fn authenticate(&self, credentials: &Credentials<'_>) -> Result<Option<Identity<Machine>>, lambdio::Error> {
        #[derive(Deserialize)]
        struct Auth {
            api_key: String,
        }
        let auth: Option<Auth> = credentials.auth();
        let key = auth.as_ref().map(|auth| auth.api_key.as_str()).or_else(|| credentials.header("x-api-key"));
        let Some(key) = key else { return Ok(None) }; // an account's token, or nothing
        // looked up by its hash: how long that takes says nothing of the keys there are
        let Entry { name, site, roles } = self.0.get(&sha256(key)).ok_or(Code::Unauthenticated)?;
        let machine = Machine { site: site.clone() };
        Ok(Some(Identity::new(format!("machine {name}"), machine).name(name).roles(roles)))
    }
}

/// In hexadecimal. Keys are random, so that they need no slow hash as passwords do.
fn sha256(key: &str) -> String {
    Sha256::digest(key).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
