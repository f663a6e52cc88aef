//! Throttling and permissions: who waits, who does not, and what is asked again.

use crate::server::{OTHER, Server, TENANT, clock, door, json, limits, password, with};
use cloud::{Door, Limits};
use model::{Ask, Failure, Pace, Service};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

const AF429: &str = "{'error':{'code':'AF429','message':'Too many requests. Method=GetBlob'}}";
const AF10001: &str = r#"{"error":{"code":"AF10001","message":"The permission set sent"}}"#;

fn ask() -> Ask {
    Ask::get(Service::Manage, Pace::Activity, "/")
}

#[tokio::test]
async fn a_throttle_in_single_quotes_is_waited_out() {
    for pattern in 0..3 {
        let server = Server::start(move |seen, nth| {
            (!seen.is_login() && nth < 2).then(|| match pattern {
                0 => json(403, AF429),
                1 => json(429, ""),
                _ => json(403, r#"{"error":{"code":"TooManyRequests"}}"#),
            })
        })
        .await;
        let (door, access) = (door(), server.tenant());
        assert_eq!(
            door.send(&access, &ask()).await.outcome.unwrap().status,
            200
        );
        let asks = server.asks();
        assert_eq!((asks.len(), server.logins().len()), (3, 1));
        assert!(asks[1].at - asks[0].at >= Duration::from_millis(60));
        assert!(asks[2].at - asks[1].at >= Duration::from_millis(120));
        let tally = door.tallies().remove(0);
        assert_eq!((tally.requests, tally.throttled, tally.retried), (3, 2, 0));
    }
}

#[tokio::test]
async fn a_missing_permission_is_asked_once_more_with_a_fresh_token() {
    let server = Server::start(|seen, _| (!seen.is_login()).then(|| json(403, AF10001))).await;
    let reply = door().send(&server.tenant(), &ask()).await.outcome.unwrap();
    assert_eq!(
        (reply.status, reply.body),
        (403, AF10001.as_bytes().to_vec())
    );
    let asks = server.asks();
    assert_eq!((asks.len(), server.logins().len()), (2, 2));
    assert_ne!(asks[0].bearer(), asks[1].bearer());
}

#[tokio::test]
async fn a_permission_granted_meanwhile_counts_at_once() {
    let stale = format!("Bearer {}", crate::server::token(TENANT, 0));
    let server =
        Server::start(move |seen, _| (seen.bearer() == stale).then(|| json(403, AF10001))).await;
    assert_eq!(
        door()
            .send(&server.tenant(), &ask())
            .await
            .outcome
            .unwrap()
            .status,
        200
    );
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_replaced_once_for_all_who_hold_it() {
    let stale = format!("Bearer {}", crate::server::token(TENANT, 0));
    let server =
        Server::start(move |seen, _| (seen.bearer() == stale).then(|| json(401, ""))).await;
    let (door, access) = (Arc::new(door()), server.tenant());
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (door, access) = (Arc::clone(&door), Arc::clone(&access));
            tokio::spawn(async move { door.send(&access, &ask()).await.outcome.unwrap().status })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 200);
    }
    assert_eq!(server.logins().len(), 2);
}

#[tokio::test]
async fn an_answer_of_401_that_lasts_is_a_reply() {
    let server = Server::start(|seen, _| (!seen.is_login()).then(|| json(401, ""))).await;
    assert_eq!(
        door()
            .send(&server.tenant(), &ask())
            .await
            .outcome
            .unwrap()
            .status,
        401
    );
    assert_eq!((server.asks().len(), server.logins().len()), (2, 2));
}

#[tokio::test]
async fn nothing_is_sent_while_the_service_asks_to_wait() {
    let server = Server::start(|seen, nth| {
        (!seen.is_login() && nth == 30).then(|| with(429, ("Retry-After", "1"), ""))
    })
    .await;
    let (door, access) = (Arc::new(door()), server.tenant());
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let (door, access) = (Arc::clone(&door), Arc::clone(&access));
            tokio::spawn(async move { door.send(&access, &ask()).await.outcome.unwrap().status })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 200);
    }
    let asks = server.asks();
    assert_eq!(asks.len(), 101);
    // Those under way may still arrive; then there is silence for the second asked for, and
    // one goes ahead of the others.
    let gap = asks
        .windows(2)
        .position(|pair| pair[1].at - pair[0].at >= Duration::from_millis(900));
    let gap = gap.expect("a pause");
    assert!((30..=38).contains(&gap), "{gap}");
    assert!(asks[gap + 2].at - asks[gap + 1].at >= Duration::from_millis(2));
    assert!(server.most_at_once() <= 12, "{}", server.most_at_once());
}

#[tokio::test]
async fn who_must_wait_longer_than_patience_is_told_at_once() {
    let server =
        Server::start(|seen, _| (!seen.is_login()).then(|| with(429, ("Retry-After", "600"), "")))
            .await;
    let (door, access) = (door(), server.tenant());
    let start = Instant::now();
    for _ in 0..3 {
        let outcome = door.send(&access, &ask()).await.outcome;
        let Err(Failure::Throttled { seconds }) = outcome else {
            panic!("{outcome:?}")
        };
        assert!((600..=602).contains(&seconds), "{seconds}");
    }
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!(server.asks().len(), 1);
}

#[tokio::test]
async fn one_throttled_tenant_does_not_delay_another() {
    let busy = TENANT;
    let throttled = format!("Bearer {}", crate::server::token(busy, 0));
    let server = Server::start(move |seen, nth| {
        if seen.is_login() {
            let tenant = seen.path.split('/').nth(1).unwrap();
            return Some(crate::server::grant(tenant, usize::from(tenant != busy)));
        }
        let _ = nth;
        (seen.bearer() == throttled).then(|| with(429, ("Retry-After", "1"), ""))
    })
    .await;
    let limits = Limits {
        in_flight_in_all: 4,
        ..limits()
    };
    let door = Arc::new(Door::new(limits, clock, None).unwrap());
    let slow: Vec<_> = (0..20)
        .map(|_| {
            let (door, access) = (Arc::clone(&door), server.tenant());
            tokio::spawn(async move { door.send(&access, &ask()).await })
        })
        .collect();
    while server.asks().is_empty() {
        tokio::task::yield_now().await;
    }
    let (start, access) = (Instant::now(), server.access(OTHER, password()));
    for _ in 0..20 {
        assert_eq!(
            door.send(&access, &ask()).await.outcome.unwrap().status,
            200
        );
    }
    assert!(
        start.elapsed() < Duration::from_millis(800),
        "{:?}",
        start.elapsed()
    );
    for task in slow {
        task.abort();
    }
}

#[tokio::test]
async fn three_cmdlets_are_under_way_at_most() {
    let server = Server::start(|_, _| None).await;
    let (door, access) = (Arc::new(door()), server.tenant());
    let done = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (door, access, done) = (Arc::clone(&door), Arc::clone(&access), Arc::clone(&done));
            tokio::spawn(async move {
                let ask = Ask::post(Service::Exchange, Pace::Cmdlet, "/", "{}");
                door.send(&access, &ask).await.outcome.unwrap();
                done.fetch_add(1, Ordering::SeqCst);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(done.load(Ordering::SeqCst), 20);
    assert!(server.most_at_once() <= 3, "{}", server.most_at_once());
}
