//! The real programs, driven from outside.

#![allow(clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "a failing expectation fails the test")]

use std::process::ExitCode;

mod access;
mod accounts;
mod announcement;
mod answers;
mod binary;
mod browsers;
mod commands;
mod commands_accounts;
mod commands_check;
mod commands_config;
mod commands_invoke;
mod commands_schema;
mod dashboards;
mod database;
mod deployment;
mod documents;
mod documents_here;
mod documents_in_browsers;
mod documents_shared;
mod emitted;
mod ends;
mod endurance;
mod errors;
mod errors_over_http;
mod every_key;
mod health;
mod hostile;
mod life;
mod limits;
mod listener;
mod logs;
mod metrics;
mod middleware;
mod mistakes;
mod order;
mod origins;
mod outages;
mod pages;
mod payloads;
mod policies;
mod presence;
mod proxies;
mod questions;
mod recipients;
mod refused;
mod refused_bodies;
mod reload;
mod reload_access;
mod reload_files;
mod reload_limits;
mod reload_under_load;
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
mod traces;

fn main() -> ExitCode {
    lambdio_tests::main(
        env!("CARGO_TARGET_TMPDIR"),
        [
            access::trials(),
            accounts::trials(),
            announcement::trials(),
            answers::trials(),
            binary::trials(),
            browsers::trials(),
            commands::trials(),
            commands_accounts::trials(),
            commands_check::trials(),
            commands_config::trials(),
            commands_invoke::trials(),
            commands_schema::trials(),
            dashboards::trials(),
            database::trials(),
            deployment::trials(),
            documents::trials(),
            documents_here::trials(),
            documents_in_browsers::trials(),
            documents_shared::trials(),
            emitted::trials(),
            endurance::trials(),
            ends::trials(),
            errors::trials(),
            errors_over_http::trials(),
            every_key::trials(),
            health::trials(),
            hostile::trials(),
            life::trials(),
            limits::trials(),
            listener::trials(),
            metrics::trials(),
            logs::trials(),
            middleware::trials(),
            mistakes::trials(),
            order::trials(),
            origins::trials(),
            outages::trials(),
            pages::trials(),
            payloads::trials(),
            policies::trials(),
            presence::trials(),
            proxies::trials(),
            questions::trials(),
            recipients::trials(),
            refused::trials(),
            refused_bodies::trials(),
            reload::trials(),
            reload_access::trials(),
            reload_files::trials(),
            reload_limits::trials(),
            reload_under_load::trials(),
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
            traces::trials(),
        ],
    )
}
