//! Accounts over HTTP: register, log in, log out, who am I.
//!
//! Bodies are JSON both ways. The token is in the cookie only.

use super::{Auth, User, cookie};
use crate::{
    Data,
    context::{Context, HttpContext},
    error::{Code, Error, HandlerError},
    extract::Extract,
    mongo::Stored,
    registry::{Call, Descriptor, Location, Method, Options, Role},
    reply::json,
    wire::{Id, Timestamp},
};
use axum::{
    http::{HeaderValue, StatusCode, header::SET_COOKIE},
    response::Response,
};
use futures_util::FutureExt;
use mongodb::{
    Collection, IndexModel,
    bson::doc,
    error::{ErrorKind, WriteFailure},
    options::IndexOptions,
};
use serde::{Deserialize, Serialize};

/// The routes, served when `[auth.accounts]` is there.
pub(crate) static ROUTES: [Descriptor; 4] = [
    route(Method::Post, "/auth/register", "register", line!(), |cx| register(cx).boxed()),
    route(Method::Post, "/auth/login", "login", line!(), |cx| login(cx).boxed()),
    route(Method::Post, "/auth/logout", "log_out", line!(), |cx| log_out(cx).boxed()),
    route(Method::Get, "/auth/me", "me", line!(), |cx| me(cx).boxed()),
];

/// What `#[route]` would leave behind, but for being served only where the configuration says so.
const fn route(
    method: Method,
    path: &'static str,
    name: &'static str,
    line: u32,
    call: Call<HttpContext>,
) -> Descriptor {
    Descriptor {
        role: Role::Route { method, path, options: Options::NONE, guard: None, call },
        location: Location { file: file!(), line, module: module_path!(), name },
        declare: |needs| needs.collection::<Account>(),
    }
}

/// Characters of a name.
const NAME: std::ops::RangeInclusive<usize> = 1..=64;
/// Fewest characters of a password.
const PASSWORD_CHARACTERS: usize = 8;
/// Most bytes of a password: bcrypt reads 72 and ends each with a NUL.
const PASSWORD_BYTES: usize = 71;

/// An account as it is stored.
#[derive(Serialize, Deserialize)]
pub(super) struct Account {
    #[serde(rename = "_id")]
    id: Id,
    /// As the user wrote it.
    name: String,
    /// What makes it unique: lower case.
    key: String,
    password_hash: String,
    created_at: Timestamp,
}

impl Stored for Account {
    const COLLECTION: &'static str = "lambdio_accounts";

    fn indexes() -> Vec<IndexModel> {
        let unique = IndexOptions::builder().unique(true).build();
        vec![IndexModel::builder().keys(doc! { "key": 1 }).options(unique).build()]
    }
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    name: String,
    password: String,
}

#[derive(Serialize)]
struct Welcome<'a> {
    id: &'a str,
    name: &'a str,
}

/// What can be wrong with a registration or a log-in.
#[derive(Debug, lambdio_macros::HandlerError)]
enum AccountError {
    #[handler_error(
        code = "invalid_name",
        message = "a name has 1 to 64 letters and digits, with . _ - ' or a space between them"
    )]
    Name,
    #[handler_error(code = "invalid_password", message = "a password has at least 8 characters")]
    ShortPassword,
    #[handler_error(
        code = "invalid_password",
        message = "a password has at most 71 bytes; longer ones would not count in full"
    )]
    LongPassword,
    #[handler_error(code = "invalid_password", message = "a password has no NUL character")]
    NulPassword,
    #[handler_error(code = "name_taken", status = 409, message = "this name is taken")]
    NameTaken,
    #[handler_error(code = "invalid_credentials", status = 401, message = "name or password is wrong")]
    Credentials,
}

impl From<AccountError> for Error {
    fn from(error: AccountError) -> Self {
        error.into_error()
    }
}

async fn register(cx: &mut HttpContext) -> Result<Response, Error> {
    let Data(Credentials { name, password }) = Data::extract(cx).await?;
    check_name(&name)?;
    check_password(&password)?;
    let auth = auth(cx)?;
    let password_hash = auth.passwords.hash(password).await?;
    let account = Account { id: Id::new(), key: key(&name), name, password_hash, created_at: Timestamp::now() };
    match accounts(cx)?.insert_one(&account).await {
        Ok(_) => welcome(auth, account, StatusCode::CREATED),
        Err(error) if is_duplicate(&error) => Err(AccountError::NameTaken.into()),
        Err(error) => Err(error.into()),
    }
}

async fn login(cx: &mut HttpContext) -> Result<Response, Error> {
    let Data(Credentials { name, password }) = Data::extract(cx).await?;
    let account = accounts(cx)?.find_one(doc! { "key": key(&name) }).await?;
    let auth = auth(cx)?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    match (auth.passwords.verify(password, hash).await?, account) {
        (true, Some(account)) => welcome(auth, account, StatusCode::OK),
        _ => Err(AccountError::Credentials.into()),
    }
}

async fn log_out(cx: &mut HttpContext) -> Result<Response, Error> {
    with_cookie(json(StatusCode::OK, &())?, &cookie::forget(auth(cx)?.secure))
}

async fn me(cx: &mut HttpContext) -> Result<Response, Error> {
    let user = User::extract(cx).await?;
    json(StatusCode::OK, &Welcome { id: user.id(), name: user.name() })
}

fn welcome(auth: &Auth, account: Account, status: StatusCode) -> Result<Response, Error> {
    let user = User::new(account.id.to_string(), account.name, Vec::new());
    let token = auth.tokens.issue(&user)?;
    let response = json(status, &Welcome { id: user.id(), name: user.name() })?;
    with_cookie(response, &cookie::keep(&token, auth.tokens.lifetime(), auth.secure))
}

fn with_cookie(mut response: Response, cookie: &str) -> Result<Response, Error> {
    response.headers_mut().append(SET_COOKIE, HeaderValue::from_str(cookie)?);
    Ok(response)
}

fn auth(cx: &HttpContext) -> Result<&Auth, Error> {
    cx.app().auth.as_ref().ok_or_else(|| Error::new(Code::Internal).with_cause("accounts are not configured"))
}

fn accounts(cx: &HttpContext) -> Result<Collection<Account>, Error> {
    Ok(cx.app().database()?.collection(Account::COLLECTION))
}

/// Two names are the same if they differ in case only.
fn key(name: &str) -> String {
    name.to_lowercase()
}

/// Letters and digits of any script, and a few marks between them. What cannot be seen cannot make two names look alike.
fn check_name(name: &str) -> Result<(), AccountError> {
    let is_mark = |c: char| ".-_' ".contains(c);
    let fits = NAME.contains(&name.chars().count())
        && name.chars().all(|c| c.is_alphanumeric() || is_mark(c))
        && !name.starts_with(is_mark)
        && !name.ends_with(is_mark);
    if fits { Ok(()) } else { Err(AccountError::Name) }
}

fn check_password(password: &str) -> Result<(), AccountError> {
    if password.contains('\0') {
        Err(AccountError::NulPassword)
    } else if password.len() > PASSWORD_BYTES {
        Err(AccountError::LongPassword)
    } else if password.chars().count() < PASSWORD_CHARACTERS {
        Err(AccountError::ShortPassword)
    } else {
        Ok(())
    }
}

/// Whether a unique index refused a document.
fn is_duplicate(error: &mongodb::error::Error) -> bool {
    const DUPLICATE_KEY: i32 = 11000;
    matches!(
        error.kind.as_ref(),
        ErrorKind::Write(WriteFailure::WriteError(failure)) if failure.code == DUPLICATE_KEY
    )
}
