//! Replies of routes.

use super::Respond;
use crate::{
    context::HttpContext,
    error::{Code, Error},
    registry::Needs,
    wire::Reply,
};
use axum::{
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

#[diagnostic::do_not_recommend]
impl<T: Reply> Respond<HttpContext> for T {
    fn respond(self, _: &mut HttpContext) -> Result<Response, Error> {
        json(StatusCode::OK, &self)
    }

    fn declare(needs: &mut Needs) {
        needs.reply::<T>();
    }
}

/// A page.
#[derive(Debug, Clone)]
pub struct Html(pub String);

impl Respond<HttpContext> for Html {
    fn respond(self, _: &mut HttpContext) -> Result<Response, Error> {
        Ok(axum::response::Html(self.0).into_response())
    }
}

/// A reply with a status of its own, such as 201.
#[derive(Debug, Clone)]
pub struct WithStatus<T>(pub u16, pub T);

impl<T: Respond<HttpContext>> Respond<HttpContext> for WithStatus<T> {
    fn respond(self, cx: &mut HttpContext) -> Result<Response, Error> {
        let mut response = self.1.respond(cx)?;
        *response.status_mut() = StatusCode::from_u16(self.0)?;
        Ok(response)
    }

    fn declare(needs: &mut Needs) {
        T::declare(needs);
    }
}

/// A response of axum's, for what the other replies cannot say: headers, cookies, streams.
#[derive(Debug)]
pub struct Raw(pub Response);

impl Respond<HttpContext> for Raw {
    fn respond(self, _: &mut HttpContext) -> Result<Response, Error> {
        Ok(self.0)
    }
}

/// A JSON response. Nothing has no content: 204 in place of 200 (RFC 9110, section 15.3.5).
pub(crate) fn json<T: serde::Serialize>(status: StatusCode, value: &T) -> Result<Response, Error> {
    let body = serde_json::to_vec(value).map_err(|error| Error::new(Code::Internal).with_cause(error))?;
    if body == b"null" {
        let status = if status == StatusCode::OK { StatusCode::NO_CONTENT } else { status };
        return Ok(status.into_response());
    }
    let kind = HeaderValue::from_static("application/json");
    Ok((status, [(CONTENT_TYPE, kind)], body).into_response())
}
