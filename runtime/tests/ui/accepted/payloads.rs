//! Types that can be payloads and replies.

use lambdio::prelude::*;

/// With attributes of serde's and schemars'.
#[payload]
#[derive(Debug, Clone, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Edit {
    /// The document.
    pub document_id: Id,
    #[serde(default)]
    #[schemars(length(max = 100))]
    text: Option<String>,
}

/// With a type parameter, which a handler fills in.
#[payload]
pub struct Page<T> {
    items: Vec<T>,
}

#[payload]
enum Choice {
    One,
    Many(Vec<u8>),
}

#[payload]
#[cfg(any())]
struct LeftOut(Missing);

#[handler(namespace = "/payloads", event = "page")]
async fn page(Data(edit): Data<Edit>, choice: Data<Choice>) -> Page<Edit> {
    let count = match choice.0 {
        Choice::One => 1,
        Choice::Many(list) => list.len(),
    };
    Page { items: vec![edit; count] }
}
