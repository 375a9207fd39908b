use lambdio::prelude::*;

const ADMIN: &str = "admin";

#[handler(event = "one", roles = "admin")]
async fn no_list() {}

#[handler(event = "two", roles = [])]
async fn nobody() {}

#[handler(event = "three", roles = ["admin", "", " editor"])]
async fn no_name() {}

#[route(get = "/four", roles = ["admin", 5])]
async fn a_number() {}

#[route(get = "/five", roles = [ADMIN])]
async fn a_constant() {}

#[route(get = "/six", roles = ["admin", ADMIN])]
async fn a_constant_too() {}

#[handler(event = "seven", roles)]
async fn no_value() {}

#[disconnect(roles = ["admin"])]
async fn leave() {}

fn main() {}
