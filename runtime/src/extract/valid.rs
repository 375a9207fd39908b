//! The payload, decoded and checked.

use super::Extract;
use crate::{
    context::HasPayload,
    error::{Code, Error},
    registry::Needs,
    wire::{Payload, inbound::Misfit},
};
use garde::{Path, Report, Validate};
use serde::Serialize;

/// The payload as [`Data`](super::Data) gives it, checked by the rules that its type has from the `garde` crate.
///
/// What breaks a rule is answered like what does not fit: `invalid_payload` with the field's path and the reason. Further
/// findings follow in the details as `more`, at most fifteen.
///
/// ```
/// use garde::Validate;
/// use lambdio::prelude::*;
///
/// #[payload]
/// #[derive(Validate)]
/// struct Registration {
///     #[garde(length(chars, min = 1, max = 40))]
///     name: String,
///     #[garde(range(min = 18))]
///     age: u8,
/// }
///
/// #[handler(event = "register")]
/// async fn register(Valid(registration): Valid<Registration>) -> String {
///     registration.name
/// }
/// ```
///
/// `{"name": "Ada", "age": 7}` is answered `{"path": "[0].age", "reason": "lower than 18"}`.
///
/// garde's derive names its own crate, so a project that uses it depends on it beside lambdio:
/// `garde = { version = "0.23", features = ["derive"] }`. Paths name fields as they stand in Rust, not as serde renames
/// them. The rules have to do without a context of their own, or with its default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Valid<T>(pub T);

/// A payload with rules: derive `garde::Validate` for it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no rules to be checked by",
    label = "not a payload with rules",
    note = "derive `garde::Validate` for it, beside `#[payload]`; in Cargo.toml: garde = {{ version = \"0.23\", features = [\"derive\"] }}"
)]
pub trait Rules: Payload {
    #[doc(hidden)]
    fn findings(&self) -> Result<(), Report>;
}

#[diagnostic::do_not_recommend]
impl<T: Payload + Validate<Context: Default>> Rules for T {
    fn findings(&self) -> Result<(), Report> {
        self.validate()
    }
}

impl<C: HasPayload, T: Rules> Extract<C> for Valid<T> {
    type Rejection = Error;

    async fn extract(cx: &mut C) -> Result<Self, Error> {
        let value: T = cx.payload().await?;
        match value.findings() {
            Ok(()) => Ok(Self(value)),
            Err(report) => Err(refusal(C::PLACE, &report)),
        }
    }

    fn declare(needs: &mut Needs) {
        needs.payload::<T>();
    }
}

/// Findings beyond the first that a client is told.
const MORE: usize = 15;

/// The first finding looks like any misfit.
#[derive(Serialize)]
struct Findings {
    #[serde(flatten)]
    first: Option<Misfit>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    more: Vec<Misfit>,
}

fn refusal(place: &str, report: &Report) -> Error {
    let mut findings =
        report.iter().map(|(path, error)| Misfit::of(&within(place, path), error.message())).take(1 + MORE);
    let details = Findings { first: findings.next(), more: findings.collect() };
    Error::new(Code::InvalidPayload).with_message("the payload breaks a rule").with_details(details)
}

/// The path of a field, seen from where the payload stands.
fn within(place: &str, path: &Path) -> String {
    match path.to_string() {
        path if path.is_empty() => place.to_owned(),
        path if place.is_empty() || path.starts_with('[') => format!("{place}{path}"),
        path => format!("{place}.{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report(paths: impl IntoIterator<Item = Path>) -> Report {
        let mut report = Report::new();
        for path in paths {
            report.append(path, garde::Error::new("not prime"));
        }
        report
    }

    #[test]
    fn the_first_finding_is_a_misfit_and_the_others_follow() {
        let count = || Path::new("items").join(1usize).join("count");
        let error = refusal("[0]", &report([count(), Path::empty(), Path::new(2usize)]));
        assert!(error.is(Code::InvalidPayload));
        let more = json!([{ "path": "[0]", "reason": "not prime" }, { "path": "[0][2]", "reason": "not prime" }]);
        let details = json!({ "path": "[0].items[1].count", "reason": "not prime", "more": more });
        assert_eq!(error.details(), Some(&details));
        let details = json!({ "path": "items[1].count", "reason": "not prime" });
        assert_eq!(refusal("", &report([count()])).details(), Some(&details));
    }

    #[test]
    fn of_many_findings_some_are_told() {
        let error = refusal("[0]", &report((0..100usize).map(Path::new)));
        assert_eq!(error.details().unwrap()["more"].as_array().unwrap().len(), MORE);
    }
}
