use lambdio::prelude::*;

#[payload(rename_all = "camelCase")]
struct Edit {
    text: String,
}

#[payload]
fn edit() {}

// no errors of their own
#[handler(event = "edit")]
async fn on_edit(Data(edit): Data<Edit>) -> Edit {
    edit
}

fn main() {}
