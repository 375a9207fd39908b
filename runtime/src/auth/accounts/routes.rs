//! Accounts over HTTP. Bodies are JSON both ways; tokens are in cookies, unless the client asks for them.

use super::{
    Account, AccountError, Accounts, Origin, account_id,
    bodies::{LoggedIn, Me, NameAndPassword, NewPassword, Refresh, SessionOfMine},
    not_an_account,
    refresh::RefreshToken,
    sessions::Welcome,
};
use crate::{
    Data,
    auth::{Cookies, Ending, SessionId, SessionInfo, User, cookie},
    context::{Context, HasHandshake, HttpContext},
    error::{Code, Error},
    extract::{Extract, Path},
    log::Causes,
    metrics,
    registry::{Call, Descriptor, Location, Method, Options, Role},
    reply::json,
    wire::Id,
};
use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, SET_COOKIE, USER_AGENT},
    },
    response::Response,
};
use futures_util::FutureExt;
use std::{net::IpAddr, sync::Arc};

/// The routes, served when `[auth.accounts]` is there.
pub(crate) static ROUTES: [Descriptor; 9] = [
    route(Method::Post, "/auth/register", "register", line!(), |cx| register(cx).boxed()),
    route(Method::Post, "/auth/login", "log_in", line!(), |cx| log_in(cx).boxed()),
    route(Method::Post, "/auth/refresh", "refresh", line!(), |cx| refresh(cx).boxed()),
    route(Method::Post, "/auth/logout", "log_out", line!(), |cx| log_out(cx).boxed()),
    route(Method::Post, "/auth/logout-everywhere", "log_out_everywhere", line!(), |cx| log_out_everywhere(cx).boxed()),
    route(Method::Post, "/auth/password", "change_password", line!(), |cx| change_password(cx).boxed()),
    route(Method::Get, "/auth/me", "me", line!(), |cx| me(cx).boxed()),
    route(Method::Get, "/auth/sessions", "sessions", line!(), |cx| sessions(cx).boxed()),
    route(Method::Delete, "/auth/sessions/{id}", "end_session", line!(), |cx| end_session(cx).boxed()),
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

async fn register(cx: &mut HttpContext) -> Result<Response, Error> {
    let Data(NameAndPassword { name, password, bearer }) = Data::extract(cx).await?;
    let welcome = accounts(cx)?.register(&name, password, origin(cx)?).await?;
    if !bearer {
        end_replaced(cx).await?;
    }
    logged_in(cx, StatusCode::CREATED, &welcome, bearer)
}

async fn log_in(cx: &mut HttpContext) -> Result<Response, Error> {
    let Data(NameAndPassword { name, password, bearer }) = Data::extract(cx).await?;
    let welcome = metrics::logged_in(accounts(cx)?.log_in(&name, password, origin(cx)?).await)?;
    if !bearer {
        end_replaced(cx).await?;
    }
    logged_in(cx, StatusCode::OK, &welcome, bearer)
}

async fn refresh(cx: &mut HttpContext) -> Result<Response, Error> {
    let (token, bearer) = refresh_token(cx).await?;
    let token = token.ok_or(Code::Unauthenticated)?;
    let welcome = accounts(cx)?.refresh(&token).await?;
    logged_in(cx, StatusCode::OK, &welcome, bearer)
}

/// Ends the session of whatever token the client has, also of an access token that has expired. Without any, there is nothing
/// to do.
async fn log_out(cx: &mut HttpContext) -> Result<Response, Error> {
    let (refresh, _) = refresh_token(cx).await?;
    let accounts = accounts(cx)?;
    let credentials = cx.app().auth.credentials_of(&cx.parts().headers)?;
    end_shown(&accounts, credentials.token(), refresh).await?;
    with_cookies(json(StatusCode::OK, &())?, cookies(cx).forget())
}

/// A browser has one log-in: the session whose cookies are about to be replaced ends (OWASP ASVS 5, 7.2.4).
async fn end_replaced(cx: &mut HttpContext) -> Result<(), Error> {
    let (accounts, cookies) = (accounts(cx)?, cookies(cx));
    let shown =
        [cookies.access(), cookies.refresh()].map(|name| cookie::find(&cx.parts().headers, name).ok().flatten());
    let [access, refresh] = shown;
    let refresh = refresh.and_then(|token| RefreshToken::parse(&token));
    if let Err(error) = end_shown(&accounts, access.as_deref(), refresh).await {
        // the new one is good all the same, and the old one ends when nobody refreshes it
        tracing::warn!(%error, cause = error.cause().map(Causes).map(display), "the session before a log-in could not be ended");
    }
    Ok(())
}

/// Ends the sessions of these tokens, as far as they are right.
async fn end_shown(accounts: &Accounts, access: Option<&str>, refresh: Option<RefreshToken>) -> Result<(), Error> {
    if let Some((user, session)) = access.and_then(|token| accounts.terms().tokens.session_of(token)) {
        accounts.end(account_id(&user)?, &session, Ending::LoggedOut).await?;
    }
    if let Some(refresh) = refresh
        && accounts.knows(&refresh).await?
    {
        accounts.end(refresh.user, &refresh.session, Ending::LoggedOut).await?;
    }
    Ok(())
}

async fn log_out_everywhere(cx: &mut HttpContext) -> Result<Response, Error> {
    let (_, id) = owner(cx).await?;
    accounts(cx)?.end_all(id, Ending::LoggedOut).await?;
    with_cookies(json(StatusCode::OK, &())?, cookies(cx).forget())
}

async fn change_password(cx: &mut HttpContext) -> Result<Response, Error> {
    let (user, _) = owner(cx).await?;
    let Data(NewPassword { password, new_password }) = Data::extract(cx).await?;
    accounts(cx)?.change_password(&user, password, new_password, address(cx)?).await?;
    json(StatusCode::OK, &())
}

async fn me(cx: &mut HttpContext) -> Result<Response, Error> {
    let user = User::extract(cx).await?;
    Ok(private(json(StatusCode::OK, &Me::of(&user))?))
}

async fn sessions(cx: &mut HttpContext) -> Result<Response, Error> {
    let (user, id) = owner(cx).await?;
    let sessions = accounts(cx)?.sessions(id).await?;
    let of_mine = |session: SessionInfo| SessionOfMine { current: user.session() == Some(&session.id), session };
    let sessions: Vec<_> = sessions.into_iter().map(of_mine).collect();
    Ok(private(json(StatusCode::OK, &sessions)?))
}

async fn end_session(cx: &mut HttpContext) -> Result<Response, Error> {
    let (user, id) = owner(cx).await?;
    let Path(session) = Path::<String>::extract(cx).await?;
    let session = SessionId::from(session.as_str());
    if !accounts(cx)?.end(id, &session, Ending::LoggedOut).await? {
        return Err(AccountError::NoSession.into());
    }
    let response = json(StatusCode::OK, &())?;
    if user.session() == Some(&session) { with_cookies(response, cookies(cx).forget()) } else { Ok(response) }
}

/// Who asks, with an account.
async fn owner(cx: &mut HttpContext) -> Result<(User, Id), Error> {
    let user = User::extract(cx).await?;
    if user.session().is_none() {
        return Err(not_an_account());
    }
    let id = account_id(user.id())?;
    Ok((user, id))
}

/// The refresh token of the body, else of the cookie, and whether it was in the body.
async fn refresh_token(cx: &mut HttpContext) -> Result<(Option<RefreshToken>, bool), Error> {
    let Data(body) = Data::<Option<Refresh>>::extract(cx).await?;
    match body.unwrap_or_default().refresh_token {
        Some(token) => Ok((RefreshToken::parse(&token), true)),
        None => {
            let token = cookie::find(&cx.parts().headers, cookies(cx).refresh());
            let token = token.map_err(|ambiguous| Error::new(Code::Unauthenticated).with_cause(ambiguous))?;
            Ok((token.as_deref().and_then(RefreshToken::parse), false))
        }
    }
}

fn logged_in(cx: &HttpContext, status: StatusCode, welcome: &Welcome, bearer: bool) -> Result<Response, Error> {
    let refresh = welcome.refresh.text();
    let mut body = LoggedIn {
        me: Me::of(&welcome.user),
        expires_at: welcome.access.expires_at(),
        session_expires_at: welcome.session_expires_at,
        token: None,
        refresh_token: None,
    };
    if bearer {
        body.token = Some(&welcome.access.token);
        body.refresh_token = Some(refresh);
        return Ok(private(json(status, &body)?));
    }
    let lifetime = {
        let accounts = accounts(cx)?;
        let terms = accounts.terms();
        terms.access_token_lifetime + terms.tokens.leeway()
    };
    let until = welcome.session_expires_at.into();
    with_cookies(json(status, &body)?, cookies(cx).keep(&welcome.access.token, lifetime, &refresh, until))
}

fn with_cookies(mut response: Response, cookies: [String; 2]) -> Result<Response, Error> {
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, HeaderValue::from_str(&cookie)?);
    }
    Ok(private(response))
}

/// An answer for its client alone, which nobody on the way keeps (RFC 9111, section 5.2.2.5).
fn private(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn cookies(cx: &HttpContext) -> Cookies {
    cx.app().auth.cookies()
}

fn accounts(cx: &HttpContext) -> Result<Arc<Accounts>, Error> {
    let accounts = cx.app().auth.accounts()?;
    accounts.check_database()?;
    Ok(accounts)
}

fn origin(cx: &HttpContext) -> Result<Origin, Error> {
    let agent = cx.parts().headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).map(str::to_owned);
    Ok(Origin { address: address(cx)?, agent })
}

fn address(cx: &HttpContext) -> Result<Option<IpAddr>, Error> {
    Ok(cx.handshake()?.address().map(|address| address.ip()))
}
