//! The real programs, driven from outside.

#![allow(clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "a failing expectation fails the test")]

use std::process::ExitCode;

mod access;
mod accounts;
mod answers;
mod binary;
mod browsers;
mod database;
mod documents;
mod documents_here;
mod documents_in_browsers;
mod documents_shared;
mod emitted;
mod ends;
mod endurance;
mod errors;
mod errors_over_http;
mod hostile;
mod life;
mod limits;
mod listener;
mod middleware;
mod order;
mod origins;
mod pages;
mod payloads;
mod policies;
mod presence;
mod proxies;
mod questions;
mod recipients;
mod refused;
mod replies;
mod reports;
mod roles;
mod roles_granted;
mod rooms;
mod route_limits;
mod schemes;
mod secrets;
mod session_races;
mod sessions;
mod shutdown;
mod slow_consumers;
mod start;
mod start_mistakes;
mod strict;
mod tokens;

fn main() -> ExitCode {
    lambdio_tests::main(
        env!("CARGO_TARGET_TMPDIR"),
        [
            access::trials(),
            accounts::trials(),
            answers::trials(),
            binary::trials(),
            browsers::trials(),
            database::trials(),
            documents::trials(),
            documents_here::trials(),
            documents_in_browsers::trials(),
            documents_shared::trials(),
            emitted::trials(),
            endurance::trials(),
            ends::trials(),
            errors::trials(),
            errors_over_http::trials(),
            hostile::trials(),
            life::trials(),
            limits::trials(),
            listener::trials(),
            middleware::trials(),
            order::trials(),
            origins::trials(),
            pages::trials(),
            payloads::trials(),
            policies::trials(),
            presence::trials(),
            proxies::trials(),
            questions::trials(),
            recipients::trials(),
            refused::trials(),
            replies::trials(),
            reports::trials(),
            roles::trials(),
            roles_granted::trials(),
            rooms::trials(),
            route_limits::trials(),
            schemes::trials(),
            secrets::trials(),
            session_races::trials(),
            sessions::trials(),
            shutdown::trials(),
            slow_consumers::trials(),
            start::trials(),
            start_mistakes::trials(),
            strict::trials(),
            tokens::trials(),
        ],
    )
}
