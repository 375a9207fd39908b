//! Files that change, without a signal.

use lambdio_tests::{Program, World, trials};
use serde_json::json;
use std::{fs, os::unix::fs::symlink};

trials![
    a_file_that_is_written_is_read_again,
    a_file_that_takes_the_place_of_another_is_read_again,
    a_folder_that_is_swapped_behind_a_link_is_read_again,
    a_folder_that_takes_the_place_of_another_is_watched_as_the_first_was,
    a_folder_that_is_gone_changes_nothing_and_is_watched_when_it_is_back,
    a_link_that_leads_to_another_folder_is_followed,
    watching_is_switched_off,
];

const SHORT: &str = "events.max_payload_size = \"100B\"";

fn watching(world: &World) -> Program {
    world.probe().env("LAMBDIO__RELOAD__WATCH", "true")
}

async fn a_file_that_is_written_is_read_again(world: World) {
    let probe = watching(&world).file("config/local.toml", "").await;
    let ada = probe.client("ada").await.connect("/limits").await;
    probe.write("config/local.toml", SHORT);
    let reload = probe.reloaded(0).await;
    assert_eq!(reload.changed(), ["events.max_payload_size: \"64KiB\" -> \"100B\""]);
    assert_eq!(ada.ask_error("length", json!(["x".repeat(200)])).await.code, "payload_too_large");
    let before = probe.log().lines().len();
    probe.write("config/local.toml", "events.max_payload_size = 0");
    assert!(probe.reloaded(before).await.lines().iter().any(|line| line.contains("not reloaded")));
    let before = probe.log().lines().len();
    probe.write("config/default.toml", "events.timeout = \"9s\"");
    fs::remove_file(probe.folder().join("config/local.toml")).expect("it is there");
    assert_eq!(
        probe.reloaded(before).await.changed(),
        ["events.max_payload_size: \"100B\" -> \"64KiB\"", "events.timeout: \"10s\" -> \"9s\""]
    );
}

async fn a_file_that_takes_the_place_of_another_is_read_again(world: World) {
    let probe = watching(&world).file("config/local.toml", "").await;
    probe.write("config/.local.toml.swp", SHORT);
    fs::rename(probe.folder().join("config/.local.toml.swp"), probe.folder().join("config/local.toml"))
        .expect("renamed");
    assert_eq!(probe.reloaded(0).await.changed().len(), 1);
}

async fn a_folder_that_is_swapped_behind_a_link_is_read_again(world: World) {
    let program = watching(&world).file("config/..one/local.toml", "").file("config/..two/local.toml", SHORT);
    let config = program.folder().join("config");
    symlink("..one", config.join("..data")).expect("a link");
    symlink("..data/local.toml", config.join("local.toml")).expect("a link");
    let probe = program.await;
    symlink("..two", config.join("..data_tmp")).expect("a link");
    fs::rename(config.join("..data_tmp"), config.join("..data")).expect("renamed");
    assert_eq!(probe.reloaded(0).await.changed().len(), 1);
}

async fn a_folder_that_takes_the_place_of_another_is_watched_as_the_first_was(world: World) {
    let probe = watching(&world).file("config/local.toml", "").file("new/local.toml", SHORT).await;
    let folder = probe.folder();
    fs::rename(folder.join("config"), folder.join("old")).expect("renamed");
    fs::rename(folder.join("new"), folder.join("config")).expect("renamed");
    assert_eq!(probe.reloaded(0).await.changed().len(), 1);
    for size in ["200B", "300B"] {
        let before = probe.log().lines().len();
        probe.write("config/local.toml", &format!("events.max_payload_size = \"{size}\""));
        assert_eq!(probe.reloaded(before).await.changed().len(), 1, "{size}");
    }
}

async fn a_folder_that_is_gone_changes_nothing_and_is_watched_when_it_is_back(world: World) {
    let probe = watching(&world).file("config/local.toml", SHORT).await;
    let folder = probe.folder();
    fs::rename(folder.join("config"), folder.join("gone")).expect("renamed");
    let refused = probe.reloaded(0).await;
    assert!(refused.lines().iter().any(|line| line.contains("there is no directory")), "{:?}", refused.lines());
    assert_eq!(refused.changed(), [""; 0]);
    let before = probe.log().lines().len();
    fs::rename(folder.join("gone"), folder.join("config")).expect("renamed");
    probe.write("config/local.toml", "events.max_payload_size = \"200B\"");
    assert_eq!(probe.reloaded(before).await.changed(), ["events.max_payload_size: \"100B\" -> \"200B\""]);
}

async fn a_link_that_leads_to_another_folder_is_followed(world: World) {
    let program = watching(&world).file("one/local.toml", "").file("two/local.toml", SHORT);
    let folder = program.folder().to_owned();
    fs::remove_dir_all(folder.join("config")).ok();
    symlink("one", folder.join("config")).expect("a link");
    let probe = program.await;
    symlink("two", folder.join("next")).expect("a link");
    fs::rename(folder.join("next"), folder.join("config")).expect("renamed");
    assert_eq!(probe.reloaded(0).await.changed().len(), 1);
}

async fn watching_is_switched_off(world: World) {
    let probe = world.probe().without_env("LAMBDIO__RELOAD__WATCH").await;
    probe.reload("reload.watch = false").await;
    let before = probe.log().lines().len();
    probe.write("config/local.toml", "reload.watch = false\nevents.timeout = \"9s\"");
    probe.write("config/default.toml", "events.timeout = \"8s\"");
    let reload = probe.hang_up().await;
    assert_eq!(reload.changed(), ["events.timeout: \"10s\" -> \"9s\""]);
    let times = probe.log().lines().iter().skip(before).filter(|line| line.contains(" reloaded: ")).count();
    assert_eq!(times, 1, "at the signal alone");
}
