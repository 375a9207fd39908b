//! What of a client's report is an error that the server told it.

use serde_json::Value;

/// The response where its status says so, the reason of a refusal, and each error in acknowledgements and events.
pub(super) fn in_answer(answer: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    if answer["status"].as_u64().is_some_and(|status| status >= 400) {
        errors.push(format!("{} {}", answer["headers"], answer["text"].as_str().unwrap_or_default()));
    } else if answer["refused"].is_object() {
        errors.push(answer["refused"].to_string());
    } else {
        collect(answer, &mut errors);
    }
    errors
}

/// Everything of the one shape: `{"error": {"code": …}}`.
fn collect(value: &Value, errors: &mut Vec<String>) {
    match value {
        Value::Object(fields) if value["error"]["code"].is_string() => errors.push(value["error"].to_string()),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, errors)),
        Value::Array(values) => values.iter().for_each(|value| collect(value, errors)),
        _ => {}
    }
}
