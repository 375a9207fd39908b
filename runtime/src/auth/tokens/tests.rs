//! Right tokens, and all the ways in which one can be wrong.

use super::{LONGEST, Tokens, WrongToken};
use crate::{
    auth::keys::{
        Keys,
        samples::{PRIVATE, PUBLIC, SECRET, key},
    },
    config::{
        self, AuthKey,
        KeyAlgorithm::{EdDsa, Hs256},
    },
    error::Code,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{
    sync::LazyLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

const HOUR: Duration = Duration::from_hours(1);

fn tokens(keys: &[AuthKey]) -> Tokens {
    Tokens::new(Keys::read(keys).unwrap(), &config::Auth::default())
}

/// Signs with "edwards"; a secret may come with it.
fn ours() -> &'static Tokens {
    static OURS: LazyLock<Tokens> =
        LazyLock::new(|| tokens(&[key("edwards", EdDsa, PRIVATE), key("secret", Hs256, SECRET)]));
    &OURS
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Right claims but for these, of which null ones are left out.
fn claims(other: Value) -> Value {
    let now = now();
    let mut claims = json!({
        "iss": "lambdio", "aud": "lambdio", "sub": "ada", "sid": "first", "iat": now, "nbf": now, "exp": now + 60, "jti": "1",
    });
    let Value::Object(other) = other else { panic!("claims are an object") };
    for (name, value) in other {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(&name)),
            value => claims[name] = value,
        }
    }
    claims
}

fn header(algorithm: Algorithm, kid: Option<&str>) -> Header {
    Header { kid: kid.map(str::to_owned), ..Header::new(algorithm) }
}

/// Signs whatever it is with the secret.
fn signed(header: &Header, claims: &Value) -> String {
    encode(header, claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

/// A token under the secret with other claims than ours.
fn with(other: Value) -> String {
    signed(&header(Algorithm::HS256, Some("secret")), &claims(other))
}

#[track_caller]
fn refused(token: &str, wrong: WrongToken) {
    let error = ours().verify(token).unwrap_err();
    assert_eq!((error.code(), error.message()), ("unauthenticated", Code::Unauthenticated.message()), "{token}");
    assert_eq!(error.details(), None);
    let cause = error.cause().unwrap();
    assert_eq!(cause.downcast_ref(), Some(&wrong), "{token}");
}

#[test]
fn a_token_leads_back_to_its_user_and_session() {
    for keys in [[key("1", Hs256, SECRET)], [key("1", EdDsa, PRIVATE)]] {
        let tokens = tokens(&keys);
        let issued = tokens.issue("ada", &"first".into(), HOUR).unwrap();
        let verified = tokens.verify(&issued.token).unwrap();
        assert_eq!((verified.user_id.as_str(), verified.session.as_str()), ("ada", "first"));
        assert_eq!(verified.expires_at, issued.expires_at);
        assert!((now() + 3595..=now() + 3600).contains(&issued.expires_at));
        assert_eq!(tokens.session_of(&issued.token), Some(("ada".into(), "first".into())));
    }
}

#[test]
fn a_token_says_no_more_than_it_has_to() {
    let issued = ours().issue("ada", &"first".into(), HOUR).unwrap();
    let claims: Value = jsonwebtoken::dangerous::insecure_decode(&issued.token).unwrap().claims;
    let names: Vec<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["aud", "exp", "iat", "iss", "jti", "nbf", "sid", "sub"]);
    let again = ours().issue("ada", &"first".into(), HOUR).unwrap();
    assert_ne!(issued.token, again.token, "each token has a name of its own");
}

#[test]
fn every_key_checks_what_it_has_signed() {
    let old = tokens(&[key("old", Hs256, SECRET)]).issue("ada", &"first".into(), HOUR).unwrap().token;
    let rotated = tokens(&[key("new", EdDsa, PRIVATE), key("old", Hs256, SECRET)]);
    assert_eq!(rotated.verify(&old).unwrap().user_id, "ada");
    let new = rotated.issue("ada", &"first".into(), HOUR).unwrap().token;
    let elsewhere = tokens(&[key("own", Hs256, SECRET), key("new", EdDsa, PUBLIC)]);
    assert_eq!(elsewhere.verify(&new).unwrap().user_id, "ada", "the public key is enough to check");
    let removed = tokens(&[key("new", EdDsa, PRIVATE)]);
    assert!(removed.verify(&old).is_err());
    assert_eq!(removed.verify(&new).unwrap().user_id, "ada");
}

#[test]
fn what_is_no_token_is_refused() {
    for text in ["", "x", ".", "...", "a.b.c", "a.b", "\u{0}", "é.é.é"] {
        refused(text, WrongToken::Malformed);
    }
    refused("..", WrongToken::Head);
    refused(&format!("{}.", with(json!({}))), WrongToken::Malformed);
    refused(&with(json!({})).replace('.', "=."), WrongToken::Malformed);
}

#[test]
fn a_long_token_is_refused_unread() {
    let right = |length: usize| with(json!({ "sub": "x".repeat(length) }));
    assert!(ours().verify(&right(2500)).is_ok());
    let long = right(4000);
    assert!(long.len() > LONGEST);
    refused(&long, WrongToken::TooLong);
    assert_eq!(ours().session_of(&long), None);
}

#[test]
fn a_token_names_a_key_that_is_there() {
    refused(&signed(&header(Algorithm::HS256, None), &claims(json!({}))), WrongToken::NoKey);
    for kid in ["", "other", "SECRET", "secret ", "../secret"] {
        refused(&signed(&header(Algorithm::HS256, Some(kid)), &claims(json!({}))), WrongToken::UnknownKey);
    }
}

#[test]
fn the_key_decides_which_algorithm_is_right() {
    let right = with(json!({}));
    let (_, rest) = right.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    // {"alg":"none","typ":"JWT","kid":"secret"}, the same with "NONE", the same with "RS256"
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIiwia2lkIjoic2VjcmV0In0";
    let shouted = "eyJhbGciOiJOT05FIiwidHlwIjoiSldUIiwia2lkIjoic2VjcmV0In0";
    let rsa = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InNlY3JldCJ9";
    for head in [none, shouted] {
        refused(&format!("{head}.{body}."), WrongToken::Head);
        refused(&format!("{head}.{body}.{signature}"), WrongToken::Head);
    }
    refused(&format!("{rsa}.{body}.{signature}"), WrongToken::Algorithm);
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        refused(&signed(&header(algorithm, Some("secret")), &claims(json!({}))), WrongToken::Algorithm);
    }
    // the key of another algorithm
    refused(&signed(&header(Algorithm::HS256, Some("edwards")), &claims(json!({}))), WrongToken::Algorithm);
    let edwards = tokens(&[key("secret", EdDsa, PRIVATE)]).issue("ada", &"first".into(), HOUR).unwrap().token;
    refused(&edwards, WrongToken::Algorithm);
}

#[test]
fn a_public_key_is_no_secret() {
    for secret in [PUBLIC, &format!("{PUBLIC}\n"), "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="] {
        let head = header(Algorithm::HS256, Some("edwards"));
        let forged = encode(&head, &claims(json!({})), &EncodingKey::from_secret(secret.as_bytes())).unwrap();
        refused(&forged, WrongToken::Algorithm);
    }
}

#[test]
fn a_signature_belongs_to_one_key_and_one_content() {
    let other = tokens(&[key("secret", Hs256, "another secret of more than 32 bytes")]);
    refused(&other.issue("ada", &"first".into(), HOUR).unwrap().token, WrongToken::Signature);
    let (ada, eve) = (with(json!({})), with(json!({ "sub": "eve" })));
    let (ada, eve): (Vec<_>, Vec<_>) = (ada.split('.').collect(), eve.split('.').collect());
    refused(&[eve[0], eve[1], ada[2]].join("."), WrongToken::Signature);
    refused(&[ada[0], ada[1], ""].join("."), WrongToken::Signature);
    refused(&[ada[0], ada[1], &ada[2][..20]].join("."), WrongToken::Signature);
}

#[test]
fn an_extension_that_has_to_be_understood_makes_a_token_wrong() {
    let head = Header { crit: Some(vec!["exp".into()]), ..header(Algorithm::HS256, Some("secret")) };
    refused(&signed(&head, &claims(json!({}))), WrongToken::Critical);
}

#[test]
fn a_token_has_its_time_and_clocks_may_differ_a_little() {
    assert!(ours().verify(&with(json!({ "exp": now() - 2 }))).is_ok());
    assert!(ours().verify(&with(json!({ "nbf": now() + 5 }))).is_ok());
    refused(&with(json!({ "exp": now() - 7 })), WrongToken::Expired);
    refused(&with(json!({ "exp": 0 })), WrongToken::Expired);
    refused(&with(json!({ "nbf": now() + 60 })), WrongToken::Early);
    refused(&with(json!({ "nbf": u64::MAX })), WrongToken::Early);

    let strict = config::Auth { leeway: Duration::ZERO, ..config::Auth::default() };
    let strict = Tokens::new(Keys::read(&[key("secret", Hs256, SECRET)]).unwrap(), &strict);
    assert_eq!(strict.leeway(), Duration::ZERO);
    assert!(strict.verify(&with(json!({ "exp": now() - 2 }))).is_err());
}

#[test]
fn a_token_of_another_issuer_or_for_others_is_refused() {
    for other in [json!("else"), json!(""), json!("Lambdio"), json!(["else"])] {
        let wrong = |own| if other.is_string() { own } else { WrongToken::Claims };
        refused(&with(json!({ "iss": other })), wrong(WrongToken::Issuer));
        refused(&with(json!({ "aud": other })), wrong(WrongToken::Audience));
    }
    refused(&with(json!({ "aud": ["lambdio", "else"] })), WrongToken::Claims);
    let settings = config::Auth { issuer: "us".into(), audience: "you".into(), ..config::Auth::default() };
    let theirs = Tokens::new(Keys::read(&[key("secret", Hs256, SECRET)]).unwrap(), &settings);
    let token = theirs.issue("ada", &"first".into(), HOUR).unwrap().token;
    assert!(theirs.verify(&token).is_ok());
    refused(&token, WrongToken::Issuer);
}

#[test]
fn all_claims_are_required_and_have_their_type() {
    for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti"] {
        refused(&with(json!({ name: null })), WrongToken::Claims);
        for value in [json!(-1), json!(1.5), json!("text"), json!({}), json!([]), json!(true)] {
            if value.is_string() && ["iss", "aud", "sub", "sid", "jti"].contains(&name) {
                continue;
            }
            refused(&with(json!({ name: value })), WrongToken::Claims);
        }
    }
    for claims in [json!(null), json!([]), json!("text")] {
        refused(&signed(&header(Algorithm::HS256, Some("secret")), &claims), WrongToken::Claims);
    }
    assert!(ours().verify(&with(json!({ "role": "admin" }))).is_ok(), "other claims mean nothing");
}

#[test]
fn the_session_of_an_expired_token_is_known_and_of_a_forged_one_is_not() {
    let expired = with(json!({ "exp": 1, "nbf": 0 }));
    refused(&expired, WrongToken::Expired);
    assert_eq!(ours().session_of(&expired), Some(("ada".into(), "first".into())));
    let forged = format!("{}.{}", expired.rsplit_once('.').unwrap().0, "A".repeat(43));
    assert_eq!(ours().session_of(&forged), None);
    assert_eq!(ours().session_of(&with(json!({ "aud": "else", "exp": 1 }))), None);
    assert_eq!(ours().session_of("x"), None);
}

proptest! {
    #[test]
    fn no_bytes_pass_or_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        prop_assert!(ours().verify(&text).is_err());
        prop_assert_eq!(ours().session_of(&text), None);
    }

    #[test]
    fn no_three_parts_pass_or_panic(parts in "[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,90}") {
        prop_assert!(ours().verify(&parts).is_err());
    }

    #[test]
    fn no_content_passes_with_a_wrong_signature(json in "[ -~]{0,120}", signature in "[A-Za-z0-9_-]{43}") {
        let token = signed(&header(Algorithm::HS256, Some("secret")), &Value::String(json));
        let (content, _) = token.rsplit_once('.').unwrap();
        let token = format!("{content}.{signature}");
        prop_assert!(ours().verify(&token).is_err());
    }

    #[test]
    fn a_changed_letter_makes_a_token_wrong(place in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_-]", edwards: bool) {
        let token = if edwards { ours().issue("ada", &"first".into(), HOUR).unwrap().token } else { with(json!({})) };
        let place = place.index(token.len());
        prop_assume!(token[place..=place] != letter && token[place..=place] != *".");
        let changed = format!("{}{letter}{}", &token[..place], &token[place + 1..]);
        prop_assert!(ours().verify(&changed).is_err());
    }
}
