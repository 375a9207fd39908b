//! What the attributes refuse, and with which words; and what they take.

#[path = "ui/accepted/mod.rs"]
pub mod accepted;

#[test]
fn wrong_attributes_are_explained_at_the_authors_own_token() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
