//! Power cuts: a database on a disk that forgets what was not synced.

use testkit::server::Servers;

use crate::{chance, disk::Disk, ground::Ground, times};

/// Cuts of one database; then another one, so that looking at its files does not take for ever.
const EACH: u64 = 50;
/// How much of what was not synced is there after a cut, in per cent: nothing, all, or each sector as it comes.
const STAYS: [u64; 5] = [0, 100, 50, 10, 90];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_takes_nothing_that_was_acknowledged() {
    let chance = chance("power cuts");
    let cuts = times(10, "BATON_CHAOS_CUTS");
    let (mut left, mut acked, mut at_stake, mut forgotten) = (cuts, 0, 0, 0);
    while left > 0 {
        let ground = Ground::new(None).await;
        let disk = Disk::under(&ground.folder);
        // Long enough that the power goes while something is on its way.
        disk.syncs_in(5);
        let servers = Servers::at(&[]);
        let load = ground.load(&servers);
        for cut in 0..left.min(EACH) {
            let serving = disk.serve(&ground).await;
            servers.are(&[serving.address]);
            let one = load.anybody(chance.below(64));
            one.has_acked(one.acked() + usize::try_from(chance.below(12)).unwrap()).await;
            // Now, whatever it does; or in the middle of a sync, so that something is at stake for sure.
            let in_sync = cut % 2 == 1;
            if in_sync {
                disk.power_goes_in_sync(1 + chance.below(6));
                serving.was_killed().await;
            } else {
                serving.kill().await;
            }
            servers.are(&[]);
            let (stake, gone) = disk.power_cut(&chance, STAYS[usize::try_from(cut).unwrap() % STAYS.len()]);
            assert!(stake > 0 || !in_sync, "nothing was at stake in the middle of a sync");
            (at_stake, forgotten) = (at_stake + stake, forgotten + gone);
            load.assert_right();
        }
        left -= left.min(EACH);
        let serving = disk.serve(&ground).await;
        servers.are(&[serving.address]);
        load.goes_on().await;
        acked += load.ends_well(&serving.client()).await;
        serving.stop().await;
    }
    println!(
        "{cuts} cuts, {acked} texts acknowledged and stored; {forgotten} of {at_stake} unsynced sectors were forgotten"
    );
    assert!(forgotten > 0, "a disk that forgets nothing shows nothing");
}

/// A disk on which syncing does nothing loses what was acknowledged: the test above would notice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_lies_about_syncing_is_found_out() {
    let ground = Ground::new(None).await;
    let disk = Disk::under(&ground.folder);
    let servers = Servers::at(&[]);
    let load = ground.load(&servers);
    disk.lies(true);
    let serving = disk.serve(&ground).await;
    servers.are(&[serving.address]);
    load.goes_on().await;
    let acked = load.acked();
    serving.kill().await;
    servers.are(&[]);
    disk.forgets_all();
    disk.lies(false);
    let serving = disk.serve(&ground).await;
    let stored = ground.texts(&serving.client()).await;
    serving.stop().await;
    assert!(stored < acked, "{acked} were acknowledged on a disk that keeps nothing, and {stored} are stored");
}
