//! An application without accounts: its users log in at an identity provider, and show its tokens here. They are verified
//! by the keys that the provider publishes, a JWKS (RFC 7517).
//!
//! ```toml
//! [app.identity_provider]
//! jwks = "http://idp.internal/keys"
//! issuer = "https://idp.example.org"
//! audience = "members"
//!
//! [namespaces."/members"]
//! auth = "required"
//! ```

use http_body_util::{BodyExt, Empty, Limited};
use hyper::{Request, Uri, body::Bytes, client::conn::http1, header::HOST};
use hyper_util::rt::TokioIo;
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, Validation, dangerous, decode, decode_header,
    jwk::{Jwk, JwkSet},
};
use lambdio::{
    auth::{Authenticate, Credentials, Identity},
    prelude::*,
};
use serde::Deserialize;
use std::{collections::HashMap, time::Duration};
use tokio::{
    net::TcpStream,
    sync::{Mutex, RwLock},
    time::{Instant, timeout},
};

fn main() -> lambdio::ExitCode {
    lambdio::App::new()
        .authenticate(async |startup| IdentityProvider::find(startup.config("identity_provider")?).await)
        .run()
}

/// What the provider says of a user beyond id, name and roles.
#[payload]
#[derive(Clone, PartialEq)]
struct Member {
    tenant: String,
    email: Option<String>,
}

#[route(get = "/me")]
async fn me(user: User<Member>) -> Member {
    user.claims().clone()
}

#[handler(namespace = "/members", event = "who_am_i")]
async fn who_am_i(user: User<Member>) -> String {
    format!("{} ({}) of {}, {}", user.name(), user.id(), user.claims().tenant, user.roles().join(" and "))
}

/// Closes all sockets of the user, who may come back with the same token.
#[handler(namespace = "/members", event = "leave_everywhere")]
async fn leave_everywhere(user: User, sessions: Sessions) -> Result<usize, lambdio::Error> {
    sessions.end_all(user.id()).await
}

/// How far the provider's clock and ours may differ, in seconds.
const LEEWAY: u64 = 5;

/// Unknown keys are asked for this often at most, whatever tokens come.
const PAUSE: Duration = Duration::from_secs(5);

/// What the provider may take, and send.
const PATIENCE: Duration = Duration::from_secs(3);
const MAX_SIZE: usize = 64 * 1024;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[payload]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Where the provider publishes its keys.
    jwks: String,
    /// What its tokens have as `iss`.
    issuer: String,
    /// What tokens for this application have in `aud`.
    audience: String,
}

/// Tokens of an identity provider.
struct IdentityProvider {
    settings: Settings,
    keys: RwLock<HashMap<String, Key>>,
    /// When an unknown key was asked for. Locked while the provider is asked, so that all who wait for a key ask once.
    asked: Mutex<Option<Instant>>,
}

/// A key, and what it is good for: exactly one algorithm, for tokens of this provider to this application.
#[derive(Clone)]
struct Key {
    key: DecodingKey,
    validation: Validation,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    name: String,
    exp: u64,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(flatten)]
    member: Member,
}

impl Authenticate for IdentityProvider {
    type Claims = Member;

    async fn authenticate(&self, credentials: &Credentials<'_>) -> Result<Option<Identity<Member>>, lambdio::Error> {
        let Some(token) = credentials.token() else { return Ok(None) };
        if !self.settings.issued(token) {
            return Ok(None);
        }
        // whatever is wrong, the client gets the same answer, and the log has the reason
        let claims =
            self.verify(token).await.map_err(|error| lambdio::Error::from(Code::Unauthenticated).with_cause(error))?;
        let identity = Identity::new(claims.sub, claims.member).name(claims.name).roles(claims.roles);
        Ok(Some(identity.expires_at_unix(claims.exp.saturating_add(LEEWAY))))
    }
}

impl IdentityProvider {
    /// A provider that is away ends the start.
    async fn find(settings: Settings) -> Result<Self, lambdio::Error> {
        let keys = settings.fetch().await.map_err(|error| {
            let cause = format!("app.identity_provider.jwks: no keys from {}: {error}", settings.jwks);
            lambdio::Error::from(Code::Unavailable).with_cause(cause)
        })?;
        Ok(Self { settings, keys: RwLock::new(keys), asked: Mutex::default() })
    }

    async fn verify(&self, token: &str) -> Result<Claims, Failure> {
        let id = decode_header(token)?.kid.ok_or("the token names no key")?;
        let Key { key, validation } = self.key(&id).await.ok_or("the token names a key that the provider has not")?;
        Ok(decode(token, &key, &validation)?.claims)
    }

    /// The key of this name. The provider is asked for one that is new; those it no longer has are forgotten then, and not
    /// before.
    async fn key(&self, id: &str) -> Option<Key> {
        if let Some(key) = self.keys.read().await.get(id) {
            return Some(key.clone());
        }
        let mut asked = self.asked.lock().await;
        if asked.is_none_or(|asked| asked.elapsed() >= PAUSE) && !self.keys.read().await.contains_key(id) {
            *asked = Some(Instant::now());
            match self.settings.fetch().await {
                Ok(keys) => *self.keys.write().await = keys,
                Err(error) => tracing::warn!("no keys from {}, the old ones stay: {error}", self.settings.jwks),
            }
        }
        self.keys.read().await.get(id).cloned()
    }
}

impl Settings {
    /// Whether this provider is named as the issuer. Anybody can write that: it only tells whether the token is for this
    /// scheme to verify.
    fn issued(&self, token: &str) -> bool {
        #[derive(Deserialize)]
        struct Issued {
            iss: String,
        }
        dangerous::insecure_decode_claims::<Issued>(token).is_ok_and(|token| token.iss == self.issuer)
    }

    /// The keys that the provider has now, by their names.
    async fn fetch(&self) -> Result<HashMap<String, Key>, Failure> {
        let set: JwkSet = serde_json::from_slice(&timeout(PATIENCE, get(&self.jwks)).await??)?;
        let keys = set.keys.iter().filter_map(|jwk| Some((jwk.common.key_id.clone()?, self.key(jwk)?)));
        let keys: HashMap<_, _> = keys.collect();
        if keys.is_empty() { Err("no key has a name, an algorithm and a public half".into()) } else { Ok(keys) }
    }

    /// `None` for keys that verify nothing: for encryption, or without an algorithm. A secret (HMAC) that is published is none.
    fn key(&self, jwk: &Jwk) -> Option<Key> {
        let algorithm = Algorithm::try_from(jwk.common.key_algorithm?).ok()?;
        let key = DecodingKey::from_jwk(jwk).ok().filter(|key| key.family() == algorithm.family())?;
        let mut validation = Validation::new(algorithm);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        (key.family() != AlgorithmFamily::Hmac).then_some(Key { key, validation })
    }
}

/// The body at an address, over plain HTTP: inside one's own network. For https take an HTTP client such as reqwest.
async fn get(address: &str) -> Result<Bytes, Failure> {
    let uri: Uri = address.parse()?;
    let (Some("http"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err("the address has to begin with http://".into());
    };
    let stream = TcpStream::connect((authority.host(), authority.port_u16().unwrap_or(80))).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = Request::get(path).header(HOST, authority.as_str()).body(Empty::<Bytes>::new())?;
    let response = sender.send_request(request).await?;
    if !response.status().is_success() {
        return Err(format!("the answer is {}", response.status()).into());
    }
    Ok(Limited::new(response.into_body(), MAX_SIZE).collect().await?.to_bytes())
}
