use lambdio::prelude::*;

#[handler(event = "one", auth = "optional")]
async fn guests_too(_user: Option<User>) {}

#[route(get = "/two", auth = "none")]
async fn everybody() {}

#[handler(event = "three", auth = true)]
async fn no_word() {}

#[connect(auth = "requried")]
async fn misspelt() {}

#[connect(namespace = "/four", auth = "optional", roles = ["admin"])]
async fn guests_have_no_roles() {}

#[connect(namespace = "/five", auth = "none", roles = ["admin"])]
async fn nobody_is_asked() {}

#[connect(namespace = "/six", roles = [])]
async fn no_role() {}

#[disconnect(auth = "required")]
async fn leave() {}

#[middleware(connect, auth = "required")]
async fn everywhere() -> Result<(), lambdio::Error> {
    Ok(())
}

fn main() {}
