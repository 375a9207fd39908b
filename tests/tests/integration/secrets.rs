//! No test passes whose programs tell a secret. Programs that do are tests inside of these tests.

use futures_util::future::{BoxFuture, FutureExt};
use lambdio_tests::{Certificate, Client, Program, Server, Socket, Transport, World, failure_of, trials};
use serde_json::{Value, json};

trials![
    a_secret_of_a_client_that_is_printed_fails_the_test,
    a_secret_of_the_server_that_is_printed_fails_the_test,
    a_secret_is_found_however_it_is_written,
    a_secret_in_an_error_fails_the_test,
    what_a_client_said_itself_it_may_be_told,
    a_short_secret_is_not_searched_for,
    no_secret_is_told_at_the_level_trace,
];

const PASSWORD: &str = "sword \"fish\" + ü?";
const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";

async fn leaky(world: &World) -> (Server, Client, Socket) {
    let server = world.example("leaky").await;
    let ada = server.client("ada").await;
    let socket = ada.connect("/leaks").await;
    (server, ada, socket)
}

/// The failure names each kind of secret.
fn names(failure: Option<String>, kinds: &[&str]) -> String {
    let failure = failure.expect("a test that leaks fails");
    for kind in kinds {
        assert!(failure.contains(kind), "{kind} is not noticed: {failure}");
    }
    failure
}

async fn a_secret_of_a_client_that_is_printed_fails_the_test(_: World) {
    let each: [(&str, &str, Tell); 7] = [
        ("a password", PASSWORD, |ada| told(ada, json!({ "password": PASSWORD }), json!({}))),
        ("a token", "a refresh token", |ada| told(ada, json!({ "refreshToken": "a refresh token" }), json!({}))),
        ("a token", TOKEN, |ada| told(ada, json!([TOKEN]), json!({}))),
        ("credentials of a header", "opaque-credentials", |ada| {
            told(ada, json!({}), json!({ "authorization": "Bearer opaque-credentials" }))
        }),
        ("a password", "open sesame", |ada| {
            told(ada, json!({ "text": "open sesame" }), json!({ "authorization": "Basic YWRhOm9wZW4gc2VzYW1l" }))
        }),
        ("a cookie", "biscuit-of-ada", |ada| {
            told(ada, json!({}), json!({ "cookie": "theme=dark; lambdio_token=biscuit-of-ada" }))
        }),
        ("a token", "handshake-token", |ada| {
            let connecting = ada.connect("/leaks").auth(json!({ "token": "handshake-token" }));
            async move { drop(connecting.await.ask("print", json!(["in"])).await) }.boxed()
        }),
    ];
    for (kind, secret, tell) in each {
        let failure = failure_of("a program that prints a client's secret", async move |world: World| {
            let (_server, ada, _) = leaky(&world).await;
            tell(ada).await;
        });
        let failure = names(failure.await, &[kind]);
        assert!(!failure.contains(secret), "the failure tells the secret: {failure}");
    }
}

/// What a client does to have something printed.
type Tell = fn(Client) -> BoxFuture<'static, ()>;

/// Has a body and headers printed.
fn told(client: Client, body: Value, headers: Value) -> BoxFuture<'static, ()> {
    async move {
        let request = client.post("/print", body);
        let headers = headers.as_object().into_iter().flatten();
        let answer = headers.fold(request, |request, (name, value)| request.header(name, value.as_str().unwrap_or("")));
        assert_eq!(answer.await.status, 204);
    }
    .boxed()
}

async fn a_secret_of_the_server_that_is_printed_fails_the_test(_: World) {
    const KEY: &str = "0123456789-and-so-on-up-to-32-bytes";
    let each: [fn(Program) -> Program; 3] = [
        |leaky| leaky.set(&format!("auth.keys=[{{ id = \"1\", key = \"{KEY}\" }}]")),
        |leaky| leaky.env("LAMBDIO__AUTH__KEYS", &format!("[{{ id = \"1\", key = \"{KEY}\" }}]")),
        |leaky| leaky.file("config/local.toml", &format!("[[auth.keys]]\nid = \"1\"\nkey = \"{KEY}\"\n")),
    ];
    for given in each {
        let failure = failure_of("a program that prints its key", async move |world: World| {
            given(world.example("leaky")).await;
        });
        let failure = names(failure.await, &["a key"]);
        assert!(!failure.contains(KEY), "the failure tells the secret: {failure}");
    }
    let failure = failure_of("a program that prints what servers know", async |world: World| {
        let leaky = world.example("leaky").set("auth.accounts.bcrypt_cost=4").with_database();
        let certificate = Certificate::new();
        let line = certificate.key.lines().nth(1).expect("a line of the key").to_owned();
        let server = leaky.file("tls/key.pem", &certificate.key).await;
        let ada = server.client("ada").await;
        let opened = ada.get("/socket.io/?EIO=4&transport=polling").await.text;
        let welcome = ada.post("/auth/register", json!({ "name": "Ada", "password": "correct horse" })).await;
        let cookie = welcome.headers.get("set-cookie").expect("a cookie").clone();
        let socket = ada.connect("/leaks").await;
        for text in [opened, cookie, line] {
            socket.ask("print", json!([text])).await;
        }
    });
    let kinds = ["the id of an Engine.IO session", "a cookie", "a key", "a password of the database"];
    names(failure.await, &kinds);
}

async fn a_secret_is_found_however_it_is_written(_: World) {
    let forms = [
        format!("-{PASSWORD}-"),
        format!("{PASSWORD:?}"),
        json!({ "text": PASSWORD }).to_string(),
        json!({ "body": json!({ "text": PASSWORD }).to_string() }).to_string(),
        "sword%20%22fish%22%20%2B%20%C3%BC%3F".to_owned(),
        "sword%20%22fish%22%20%2b%20%c3%bc%3f".to_owned(),
        "73776f726420226669736822202b20c3bc3f".to_owned(),
        "73776F726420226669736822202B20C3BC3F".to_owned(),
        format!("{:?}", PASSWORD.as_bytes()),
        // base64 of it alone, for URLs, after `a`, after `ab`, and before `!`
        "c3dvcmQgImZpc2giICsgw7w/".to_owned(),
        "c3dvcmQgImZpc2giICsgw7w_".to_owned(),
        "YXN3b3JkICJmaXNoIiArIMO8Pw==".to_owned(),
        "YWJzd29yZCAiZmlzaCIgKyDDvD8=".to_owned(),
        "YXN3b3JkICJmaXNoIiArIMO8PyE=".to_owned(),
    ];
    let number = forms.len();
    let failure = failure_of("a program that prints a password in all ways", async move |world: World| {
        let (_server, ada, socket) = leaky(&world).await;
        ada.post("/keep", json!({ "password": PASSWORD })).await;
        for form in forms {
            socket.ask("print", json!([form])).await;
        }
    });
    let failure = failure.await.expect("a test that leaks fails");
    assert_eq!(failure.matches("the log of leaky: a password in ").count(), number, "{failure}");
}

async fn a_secret_in_an_error_fails_the_test(_: World) {
    let failure = failure_of("a server that tells one client what another one said", async |world: World| {
        let (server, ada, _) = leaky(&world).await;
        ada.post("/keep", json!({ "password": PASSWORD })).await;
        let mallory = server.client("mallory").await;
        let told = json!({ "text": PASSWORD });
        let socket = mallory.connect("/leaks").await;
        assert_eq!(socket.ask_error("fail", json!([told])).await.message, PASSWORD);
        socket.emit("fail", json!([told])).await;
        assert_eq!(socket.next_exception().await.1.message, PASSWORD);
        assert_eq!(mallory.post("/fail", told.clone()).await.error().message, PASSWORD);
        assert_eq!(mallory.connect("/refuses").auth(told).refused().await.message, PASSWORD);
    });
    let failure = failure.await.expect("a test that leaks fails");
    let errors = failure.matches("an error that a client was told: a password in ").count();
    assert_eq!(errors, 4, "acknowledgement, exception, response and refusal: {failure}");
}

async fn what_a_client_said_itself_it_may_be_told(_: World) {
    let failure = failure_of("a server that repeats a password", async |world: World| {
        let (_server, _, socket) = leaky(&world).await;
        let args = json!([{ "text": "no: ", "password": "correct horse" }]);
        assert_eq!(socket.ask_error("fail", args).await.message, "no: correct horse");
    });
    assert_eq!(failure.await, None);
}

async fn a_short_secret_is_not_searched_for(_: World) {
    let failure = failure_of("a program that prints a short password", async |world: World| {
        let (_server, ada, _) = leaky(&world).await;
        told(ada, json!({ "password": "hunter2" }), json!({})).await;
    });
    assert_eq!(failure.await, None);
}

/// The harness searches the log at the end.
async fn no_secret_is_told_at_the_level_trace(world: World) {
    let documents = world.documents().env("LAMBDIO__LOG__LEVEL", "trace").set("auth.accounts.bcrypt_cost=4").await;
    let (ada, mallory) = (documents.client("ada").await, documents.client("mallory").await);
    let password = |password: &str| json!({ "name": "Ada", "password": password });
    assert_eq!(ada.post("/auth/register", password("correct horse")).await.status, 201);
    assert_eq!(ada.post("/auth/login", password("correct horse")).await.status, 200);
    assert_eq!(mallory.post("/auth/login", password("incorrect horse")).await.status, 401);
    assert_eq!(mallory.post("/auth/login", json!({ "name": 7, "password": ["correct horse"] })).await.status, 400);
    assert_eq!(mallory.get("/auth/me").header("authorization", &format!("Bearer {TOKEN}")).await.status, 401);
    assert_eq!(ada.get("/auth/me").await.status, 200);
    for transport in [Transport::Websocket, Transport::Polling, Transport::Upgrade] {
        mallory.connect("/documents").over(transport).auth(json!({ "token": TOKEN })).refused().await;
        let socket = ada.connect("/documents").over(transport).await;
        socket.ask_error("edit", json!([{ "password": "correct horse", "token": TOKEN }])).await;
        socket.disconnect().await;
    }
    assert_eq!(ada.request("POST", "/auth/logout").await.status, 204);
    documents.log_contains("/auth/logout").await;
}
