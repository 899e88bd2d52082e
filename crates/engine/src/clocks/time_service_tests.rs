//! The time service against true time, which it never sees.

use proptest::prelude::*;

use super::*;

/// One round trip: both ways take so long, the server thinks in between.
fn round_trip(
    client: &mut TimeClient,
    clocks: (&PhysicalClock, &PhysicalClock),
    at: Time,
    [there_us, thinks_us, back_us]: [u64; 3],
) -> (Time, Result<Correction, Unusable>) {
    let (own, server) = clocks;
    let request = client.ask(own.wall_us(at));
    let received = at.after(there_us);
    let sent = received.after(thinks_us);
    let arrived = sent.after(back_us);
    let reply = TimeReply::to(request, server.wall_us(received), server.wall_us(sent));
    (arrived, client.on_reply(&reply, own.wall_us(arrived)))
}

fn never_slew() -> Discipline {
    Discipline {
        step_from_us: 0,
        panic_from_us: u64::MAX,
        ..Discipline::default()
    }
}

#[test]
fn with_equal_ways_one_round_trip_sets_the_clock_right() {
    let server = PhysicalClock::new(0, 0);
    let mut own = PhysicalClock::new(-700_000, 0);
    let mut client = TimeClient::new(Discipline::default());
    let start = Time::from_ms(5_000);
    let (at, done) = round_trip(&mut client, (&own, &server), start, [40_000, 300, 40_000]);
    assert_eq!(done, Ok(Correction::Step { by_us: 700_000 }));
    done.unwrap().begin(&mut own, at);
    assert_eq!(own.wall_us(at), at.0 as i64);
}

#[test]
fn an_asymmetric_route_shifts_the_clock_by_half_of_the_difference() {
    let server = PhysicalClock::new(0, 0);
    let mut own = PhysicalClock::new(1_000_000, 0);
    let mut client = TimeClient::new(Discipline::default());
    let ways = [90_000, 0, 10_000];
    let (at, done) = round_trip(&mut client, (&own, &server), Time::from_ms(1), ways);
    done.unwrap().begin(&mut own, at);
    assert_eq!(own.offset_us(at), 40_000);
    assert!(client.best().unwrap().error_us() >= 40_000);
}

#[test]
fn a_small_offset_is_slewed_away_and_the_clock_never_goes_back() {
    let server = PhysicalClock::new(0, 0);
    for offset_us in [20_000, -20_000] {
        let mut own = PhysicalClock::new(offset_us, 0);
        let mut client = TimeClient::new(Discipline::default());
        let start = Time::from_ms(2_000);
        let (at, done) = round_trip(&mut client, (&own, &server), start, [5_000, 0, 5_000]);
        let Ok(correction @ Correction::Slew { span_us, .. }) = done else {
            panic!("{done:?}");
        };
        let before_us = own.wall_us(at);
        correction.begin(&mut own, at);
        assert_eq!(own.wall_us(at), before_us, "it does not jump");
        assert!(own.wall_us(at.after(1_000)) > before_us);
        let end = at.after(own.true_span_us(span_us));
        assert!(end.since(at) > 39_000_000, "20 ms at 500 ppm take 40 s");
        correction.end(&mut own, end);
        assert!(own.offset_us(end).abs() <= 1, "{}", own.offset_us(end));
        assert_eq!(own.drift_ppm(), 0);
    }
}

#[test]
fn of_eight_measurements_the_quickest_is_believed() {
    let server = PhysicalClock::new(0, 0);
    let mut own = PhysicalClock::new(50_000, 0);
    let step_all = Discipline {
        step_from_us: 1,
        ..Discipline::default()
    };
    let mut client = TimeClient::new(step_all);
    let mut at = Time::from_ms(1);
    let trips = [
        // The first is all there is, though its ways differ by 50 ms.
        ([60_000, 0, 10_000], Correction::Step { by_us: -25_000 }),
        ([4_000, 0, 4_000], Correction::Step { by_us: -25_000 }),
        // By itself this one would say 40 ms behind; the second knows better.
        ([10_000, 0, 90_000], Correction::Keep),
    ];
    for (ways, expected) in trips {
        let (arrived, done) = round_trip(&mut client, (&own, &server), at, ways);
        assert_eq!(done, Ok(expected));
        expected.begin(&mut own, arrived);
        at = arrived.after(1_000);
    }
    assert_eq!(own.offset_us(at), 0);
    // Eight later ones push the quickest out, and the best of them is believed.
    for _ in 0..7 {
        let ways = [10_000, 0, 90_000];
        let (arrived, done) = round_trip(&mut client, (&own, &server), at, ways);
        done.unwrap().begin(&mut own, arrived);
        at = arrived.after(1_000);
    }
    assert_eq!(own.offset_us(at), -40_000);
    client.forget();
    assert_eq!(client.best(), None);
}

#[test]
fn a_reply_that_nobody_waits_for_is_refused() {
    let mut client = TimeClient::new(Discipline::default());
    let request = client.ask(1_000);
    let reply = TimeReply::to(request, 5_000, 5_000);
    let forged = TimeReply {
        origin_us: 999,
        ..reply
    };
    let origin_us = 999;
    assert_eq!(
        client.on_reply(&forged, 2_000),
        Err(Unusable::Bogus { origin_us })
    );
    assert!(client.on_reply(&reply, 2_000).is_ok());
    let origin_us = 1_000;
    assert_eq!(
        client.on_reply(&reply, 2_001),
        Err(Unusable::Bogus { origin_us })
    );
}

#[test]
fn times_that_contradict_each_other_and_absurd_offsets_are_refused() {
    let mut client = TimeClient::new(Discipline::default());
    let request = client.ask(1_000);
    let slow = TimeReply::to(request, 0, 9_000);
    assert_eq!(client.on_reply(&slow, 2_000), Err(Unusable::Inconsistent));
    let request = client.ask(i64::MIN);
    let huge = TimeReply::to(request, i64::MAX, i64::MAX);
    assert_eq!(
        client.on_reply(&huge, i64::MAX),
        Err(Unusable::Inconsistent)
    );
    let request = client.ask(0);
    let far = TimeReply::to(request, 2_000_000_000, 2_000_000_000);
    let refused = client.on_reply(&far, 10);
    assert!(
        matches!(refused, Err(Unusable::Panic { .. })),
        "{refused:?}"
    );
    assert_eq!(client.best(), None);
}

proptest! {
    #[test]
    fn the_error_is_half_of_the_asymmetry_of_the_two_ways(
        offset_us in -5_000_000_i64..5_000_000,
        there_us in 0_u64..400_000,
        thinks_us in 0_u64..50_000,
        back_us in 0_u64..400_000,
        at_ms in 0_u64..1_000_000,
    ) {
        let server = PhysicalClock::new(0, 0);
        let mut own = PhysicalClock::new(offset_us, 0);
        let mut client = TimeClient::new(never_slew());
        let ways = [there_us, thinks_us, back_us];
        let (at, done) = round_trip(&mut client, (&own, &server), Time::from_ms(at_ms), ways);
        done.unwrap().begin(&mut own, at);
        let asymmetry_us = there_us.abs_diff(back_us);
        prop_assert!(own.offset_us(at).unsigned_abs() <= asymmetry_us.div_ceil(2));
        prop_assert!(own.offset_us(at).unsigned_abs() + 1 >= asymmetry_us / 2);
        let error_us = client.best().unwrap().error_us();
        prop_assert!(own.offset_us(at).unsigned_abs() <= error_us);
    }

    #[test]
    fn a_slew_ends_where_a_step_would_have(
        offset_us in -127_999_i64..128_000,
        slew_ppm in 1_u32..200_000,
    ) {
        let discipline = Discipline { slew_ppm, ..Discipline::default() };
        let correction = discipline.correction(offset_us);
        let mut clock = PhysicalClock::new(-offset_us, 0);
        let at = Time::from_ms(10);
        correction.begin(&mut clock, at);
        if let Correction::Slew { span_us, .. } = correction {
            let end = at.after(clock.true_span_us(span_us));
            correction.end(&mut clock, end);
            prop_assert!(clock.offset_us(end).abs() <= 2, "{}", clock.offset_us(end));
        } else {
            prop_assert_eq!(offset_us, 0);
        }
    }
}
