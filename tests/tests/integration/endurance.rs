//! The long runs, small.

use lambdio_tests::{World, endurance, trials};

trials![
    waves_of_clients_leave_nothing_behind,
    a_crowd_hears_one_call_and_leaves_nothing_behind,
    sessions_that_nobody_polls_leave_nothing_behind,
    numbered_events_are_answered_in_order_each_time,
    three_people_write_over_networks_that_fail_and_have_one_text,
    a_database_that_is_killed_loses_nothing_that_was_acknowledged,
];

async fn waves_of_clients_leave_nothing_behind(world: World) {
    endurance::waves(&world, 4, 200).await;
}

async fn a_crowd_hears_one_call_and_leaves_nothing_behind(world: World) {
    endurance::crowd(&world, 500).await;
}

async fn sessions_that_nobody_polls_leave_nothing_behind(world: World) {
    endurance::abandoned(&world, 100).await;
}

async fn numbered_events_are_answered_in_order_each_time(world: World) {
    endurance::order(&world, 2, 2_000).await;
}

async fn three_people_write_over_networks_that_fail_and_have_one_text(world: World) {
    endurance::convergence(&world, 1..=5).await;
}

async fn a_database_that_is_killed_loses_nothing_that_was_acknowledged(world: World) {
    print!("{}", endurance::journal(&world, 8, 4).await);
}
