//! Securing an account: who may, that it is done once, and that it is the plan that was shown.

use crate::site::{Browser, HOSTILE, ONE, OTHER, Site};
use axum::http::StatusCode;
use model::{Incident, Timestamp};
use std::sync::{Arc, Mutex};
use web::respond::{
    DoneState, DoneView, ExecutionView, NotDone, Order, PlanView, Responder, Shows, StepView, Whom,
};

/// A responder that remembers what it was told, over a state that can be changed from outside.
#[derive(Default)]
pub(crate) struct Fake {
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    state: u32,
    wants_another: bool,
    plans: Vec<PlanView>,
    whom: Vec<Whom>,
    approvals: usize,
    orders: Vec<Order>,
    undone: Vec<Option<u32>>,
    done: Option<ExecutionView>,
}

impl Fake {
    pub(crate) fn planned(&self) -> usize {
        self.told.lock().expect("not poisoned").plans.len()
    }

    pub(crate) fn applied(&self) -> usize {
        self.told.lock().expect("not poisoned").orders.len()
    }

    /// Returns how often somebody approved.
    pub(crate) fn approvals(&self) -> usize {
        self.told.lock().expect("not poisoned").approvals
    }

    /// Returns whether a second person has to approve what is planned from now on.
    fn wants_another(&self) {
        self.told.lock().expect("not poisoned").wants_another = true;
    }

    fn change(&self) {
        self.told.lock().expect("not poisoned").state += 1;
    }
}

impl Shows for Fake {
    fn plan(&self, hash: &str) -> Result<Option<PlanView>, NotDone> {
        let told = self.told.lock().expect("not poisoned");
        Ok(told.plans.iter().find(|one| one.hash == hash).cloned())
    }

    fn execution(&self, id: &str) -> Result<Option<ExecutionView>, NotDone> {
        let told = self.told.lock().expect("not poisoned");
        Ok(told.done.clone().filter(|one| one.id == id))
    }
}

impl Responder for Fake {
    fn prepare(&self, incident: &Incident, whom: &Whom, who: &str) -> Result<PlanView, NotDone> {
        let mut told = self.told.lock().expect("not poisoned");
        let state = told.state;
        let step = |number, title: &str, manual: Option<&str>| StepView {
            number,
            title: title.to_owned(),
            object: HOSTILE.to_owned(),
            before: "enabled".to_owned(),
            after: "disabled".to_owned(),
            why: vec![HOSTILE.to_owned()],
            caution: HOSTILE.to_owned(),
            by_hand: HOSTILE.to_owned(),
            reversible: (number == 1).then(|| "enable it again".to_owned()),
            notices: "phone mail stops".to_owned(),
            is_ticked: true,
            manual: manual.map(str::to_owned),
        };
        let plan = PlanView {
            tenant: incident.tenant.clone(),
            made: HOSTILE.to_owned(),
            made_by: who.to_owned(),
            needs_another: vec![HOSTILE.to_owned()],
            approved_by: if told.wants_another {
                Vec::new()
            } else {
                vec![HOSTILE.to_owned()]
            },
            hash: format!("plan-{state}"),
            user: match whom {
                Whom::Person(user) => user.clone(),
                Whom::Tenant => String::new(),
            },
            execution: None,
            is_carried_out: false,
            is_taken_back: false,
            steps: vec![
                step(1, "Block sign-in", None),
                step(2, "Revoke sessions", None),
                step(3, "Disable it on-premises too", Some("Disable-ADAccount")),
            ],
            kept: vec![HOSTILE.to_owned()],
            unknown: vec![HOSTILE.to_owned()],
        };
        told.whom.push(whom.clone());
        told.plans.push(plan.clone());
        Ok(plan)
    }

    fn ticked(&self, hash: &str, steps: &[u32], who: &str) -> Result<PlanView, NotDone> {
        let mut plan = self.plan(hash)?.ok_or(NotDone::Changed)?;
        let mut told = self.told.lock().expect("not poisoned");
        plan.hash = format!("{hash}-with");
        for step in &mut plan.steps {
            step.is_ticked = steps.contains(&step.number);
            plan.hash += if step.is_ticked { "-1" } else { "-0" };
        }
        who.clone_into(&mut plan.made_by);
        if told.wants_another {
            plan.approved_by.clear();
        }
        told.plans.push(plan.clone());
        Ok(plan)
    }

    fn approve(&self, hash: &str, who: &str) -> Result<(), NotDone> {
        let mut told = self.told.lock().expect("not poisoned");
        told.approvals += 1;
        let mut plans = told.plans.iter_mut();
        let plan = plans.find(|one| one.hash == hash);
        plan.ok_or(NotDone::Changed)?
            .approved_by
            .push(who.to_owned());
        Ok(())
    }

    fn apply(&self, order: &Order) -> Result<ExecutionView, NotDone> {
        let mut told = self.told.lock().expect("not poisoned");
        if !order.hash.starts_with(&format!("plan-{}", told.state)) {
            return Err(NotDone::Changed);
        }
        told.orders.push(order.clone());
        let done = ExecutionView {
            id: "execution-1".to_owned(),
            tenant: order.tenant.clone(),
            incident: order.incident.clone(),
            plan: order.hash.clone(),
            user: "joey".to_owned(),
            by: order.by.clone(),
            began: Timestamp(1_772_409_600_000_000),
            is_ended: true,
            needs_another: told.plans[0].needs_another.clone(),
            approved_by: told.plans[0].approved_by.clone(),
            steps: vec![
                DoneView {
                    number: 1,
                    title: "Block sign-in".to_owned(),
                    object: HOSTILE.to_owned(),
                    state: DoneState::Verified,
                    after: HOSTILE.to_owned(),
                    detail: HOSTILE.to_owned(),
                    can_undo: true,
                },
                DoneView {
                    number: 2,
                    title: "Revoke sessions".to_owned(),
                    state: DoneState::Unknown,
                    detail: "it was sent and cannot be read back".to_owned(),
                    ..DoneView::default()
                },
            ],
            passwords: Vec::new(),
        };
        told.done = Some(done.clone());
        Ok(done)
    }

    fn undo(&self, id: &str, step: Option<u32>, _who: &str) -> Result<ExecutionView, NotDone> {
        self.told.lock().expect("not poisoned").undone.push(step);
        let found = self.execution(id)?;
        found.ok_or_else(|| NotDone::Refused("no such execution".to_owned()))
    }
}

pub(crate) struct Scene {
    pub(crate) site: Site,
    pub(crate) fake: Arc<Fake>,
    pub(crate) admin: Browser,
    pub(crate) responder: Browser,
    seed: Vec<u8>,
    pub(crate) path: String,
}

pub(crate) async fn scene() -> Scene {
    let fake = Arc::new(Fake::default());
    let site = Site::with(Some(fake.clone()));
    let (admin, _) = site.administrator().await;
    let (responder, seed) = site.member(&admin, "rita", ONE, "responder").await;
    let path = format!("/a/{}/secure", site.incident_of(ONE));
    Scene {
        site,
        fake,
        admin,
        responder,
        seed,
        path,
    }
}

/// Makes a plan as the page at a path offers it, and returns what the page of the plan holds, ready to
/// be sent.
pub(crate) async fn shown(
    scene: &Scene,
    browser: &Browser,
    path: &str,
) -> Vec<(&'static str, String)> {
    let page = scene.site.get(browser, path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let link = page.between("name=\"link\" value=\"", "\"");
    let fields = [("form", page.form()), ("link", link)];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let make = scene.path.replace("/secure", "/plan");
    let made = scene.site.post(browser, &make, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let page = scene.site.get(browser, made.header("location")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(
        !page.body.contains("<script>alert"),
        "what an intruder wrote is text"
    );
    vec![
        ("form", page.form()),
        ("hash", page.between("name=\"hash\" value=\"", "\"")),
        ("link", page.between("name=\"link\" value=\"", "\"")),
        ("step", "1".to_owned()),
        ("step", "3".to_owned()),
        ("local", "JOEY".to_owned()),
    ]
}

pub(crate) async fn send(
    scene: &Scene,
    browser: &Browser,
    fields: &[(&str, String)],
) -> crate::site::Answer {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    scene.site.post(browser, &scene.path, &fields).await
}

#[tokio::test]
async fn a_plan_is_carried_out_once_however_often_the_button_is_pressed() {
    let scene = scene().await;
    let incident = scene.path.trim_end_matches("/secure").to_owned();
    let page = scene.site.get(&scene.responder, &incident).await;
    assert!(page.body.contains(&scene.path), "the incident leads to it");
    let fields = shown(&scene, &scene.responder, &scene.path).await;
    let done = send(&scene, &scene.responder, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(done.header("location"), "/x/execution-1");
    for _ in 0..2 {
        let again = send(&scene, &scene.responder, &fields).await;
        assert_eq!(again.status, StatusCode::GONE);
        assert!(again.body.contains("however often the button is pressed"));
    }
    assert_eq!(scene.fake.applied(), 1);
    let order = scene.fake.told.lock().expect("not poisoned").orders[0].clone();
    assert_eq!(
        order.steps,
        [1],
        "what is done by hand is never carried out"
    );
    assert_eq!(
        (order.by.as_str(), order.hash.as_str()),
        ("rita", "plan-0-with-1-0-0"),
        "other ticks are another plan"
    );
}

#[tokio::test]
async fn what_was_not_shown_or_not_meant_is_not_done() {
    let scene = scene().await;
    let fields = shown(&scene, &scene.responder, &scene.path).await;
    for (name, value, expected) in [
        ("form", "", StatusCode::FORBIDDEN),
        ("hash", "plan-9", StatusCode::CONFLICT),
        ("link", "forged", StatusCode::NOT_FOUND),
        ("local", "vera", StatusCode::UNPROCESSABLE_ENTITY),
        ("step", "3", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let mut changed = fields.clone();
        for (of, field) in &mut changed {
            if *of == name {
                value.clone_into(field);
            }
        }
        let answer = send(&scene, &scene.responder, &changed).await;
        assert_eq!(answer.status, expected, "{name}: {}", answer.body);
    }
    scene.fake.change();
    let changed = send(&scene, &scene.responder, &fields).await;
    assert_eq!(changed.status, StatusCode::CONFLICT);
    assert!(
        changed.body.contains(&scene.path),
        "it leads to the plan as it is now"
    );
    assert_eq!(scene.fake.applied(), 0);
    let fresh = shown(&scene, &scene.responder, &scene.path).await;
    let done = send(&scene, &scene.responder, &fresh).await;
    assert_eq!(
        done.status,
        StatusCode::SEE_OTHER,
        "a refusal uses nothing up"
    );
}

#[tokio::test]
async fn only_a_responder_of_the_tenant_acts_in_it() {
    let scene = scene().await;
    let fields = shown(&scene, &scene.responder, &scene.path).await;
    for (name, tenant, role, expected) in [
        ("ann", ONE, "analyst", StatusCode::FORBIDDEN),
        ("bob", OTHER, "responder", StatusCode::NOT_FOUND),
        ("eve", "*", "viewer", StatusCode::FORBIDDEN),
    ] {
        let (browser, _) = scene.site.member(&scene.admin, name, tenant, role).await;
        assert_eq!(
            scene.site.get(&browser, &scene.path).await.status,
            expected,
            "{name}"
        );
        let mut own = fields.clone();
        own[0].1 = scene.site.get(&browser, "/").await.form();
        assert_eq!(
            send(&scene, &browser, &own).await.status,
            expected,
            "{name}"
        );
    }
    let nobody = send(&scene, &Browser::default(), &fields).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert_eq!(scene.fake.applied(), 0);
}

#[tokio::test]
async fn acting_needs_a_code_of_the_last_quarter_of_an_hour() {
    let scene = scene().await;
    scene.site.wait_minutes(16);
    let fields = shown(&scene, &scene.responder, &scene.path).await;
    let refused = send(&scene, &scene.responder, &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("/prove?next="));
    let code = scene.site.code(&scene.seed);
    let proof = [
        ("form", fields[0].1.as_str()),
        ("code", &code),
        ("next", &scene.path),
    ];
    scene.site.post(&scene.responder, "/prove", &proof).await;
    let done = send(&scene, &scene.responder, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
}

#[tokio::test]
async fn the_link_of_a_card_shows_the_plan_after_signing_in_and_counts_for_a_day() {
    let scene = scene().await;
    let card = scene
        .site
        .house
        .card_link(&scene.site.incident_of(ONE))
        .expect("a link");
    let nobody = scene.site.get(&Browser::default(), &card).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
    assert!(
        nobody
            .header("location")
            .starts_with("/sign-in?next=%2Fs%2F")
    );
    let (foreign, _) = scene
        .site
        .member(&scene.admin, "bob", OTHER, "responder")
        .await;
    assert_eq!(
        scene.site.get(&foreign, &card).await.status,
        StatusCode::NOT_FOUND
    );
    let fields = shown(&scene, &scene.responder, &card).await;
    assert_eq!(
        send(&scene, &scene.responder, &fields).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        scene.site.get(&scene.responder, &card).await.status,
        StatusCode::GONE
    );
    let late = scene
        .site
        .house
        .card_link(&scene.site.incident_of(ONE))
        .expect("a link");
    for _ in 0..25 {
        scene.site.wait_minutes(30);
        scene.site.get(&scene.admin, "/").await;
    }
    let forged = format!("{}A", &late[..late.len() - 1]);
    let (again, _) = scene
        .site
        .redeem(
            &scene.site.house.administrator_link().expect("a link"),
            "second",
        )
        .await;
    if forged != late {
        assert_eq!(
            scene.site.get(&again, &forged).await.status,
            StatusCode::NOT_FOUND
        );
    }
    assert_eq!(scene.site.get(&again, &late).await.status, StatusCode::OK);
    scene.site.wait_minutes(12 * 60);
    let (third, _) = scene
        .site
        .redeem(
            &scene.site.house.administrator_link().expect("a link"),
            "third",
        )
        .await;
    assert_eq!(scene.site.get(&third, &late).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_step_is_taken_back_by_whoever_may_act() {
    let scene = scene().await;
    let fields = shown(&scene, &scene.responder, &scene.path).await;
    send(&scene, &scene.responder, &fields).await;
    let (viewer, _) = scene.site.member(&scene.admin, "ann", ONE, "viewer").await;
    let seen = scene.site.get(&viewer, "/x/execution-1").await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(!seen.body.contains("Take this step back"));
    assert!(!seen.body.contains("<script>alert"));
    let (foreign, _) = scene
        .site
        .member(&scene.admin, "bob", OTHER, "responder")
        .await;
    assert_eq!(
        scene.site.get(&foreign, "/x/execution-1").await.status,
        StatusCode::NOT_FOUND
    );
    let form = seen.form();
    let refused = scene
        .site
        .post(
            &viewer,
            "/x/execution-1/undo",
            &[("form", &form), ("step", "1")],
        )
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let page = scene.site.get(&scene.responder, "/x/execution-1").await;
    let form = page.form();
    let undone = scene
        .site
        .post(
            &scene.responder,
            "/x/execution-1/undo",
            &[("form", &form), ("step", "1")],
        )
        .await;
    assert_eq!(undone.header("location"), "/x/execution-1");
    assert_eq!(
        scene.fake.told.lock().expect("not poisoned").undone,
        [Some(1)]
    );
}

#[tokio::test]
async fn what_was_sent_and_cannot_be_read_back_is_not_called_undone_or_waiting() {
    let scene = scene().await;
    let fields = shown(&scene, &scene.responder, &scene.path).await;
    send(&scene, &scene.responder, &fields).await;
    let page = scene.site.get(&scene.responder, "/x/execution-1").await;
    let unread = page.between("2. Revoke sessions", "</li>");
    assert!(unread.contains("could not be read back"), "{unread}");
    assert!(!page.body.contains("not done yet"));
    assert!(page.body.contains("0 taken back, 1 open."));
    assert!(page.body.contains("Go on with what is open"));
}

#[tokio::test]
async fn a_plan_that_two_have_to_approve_waits_for_the_second() {
    let scene = scene().await;
    scene.fake.wants_another();
    let site = &scene.site;
    let (second, seed) = site.member(&scene.admin, "sven", ONE, "responder").await;
    let fields = shown(&scene, &scene.responder, &scene.path).await;
    let early = send(&scene, &scene.responder, &fields).await;
    assert_eq!(early.status, StatusCode::FORBIDDEN);
    let path = format!("{}/plan-0-with-1-0-0", scene.path);
    assert!(
        early.body.contains(&path),
        "it leads to where that is approved"
    );
    assert_eq!(scene.fake.applied(), 0);

    let approve = scene.path.replace("/secure", "/approve");
    let page = site.get(&second, &path).await;
    assert!(page.body.contains("Approve this plan"), "{}", page.body);
    assert!(
        !page.body.contains("name=\"local\""),
        "nothing to confirm yet"
    );
    let form = page.form();
    let hash = "plan-0-with-1-0-0";
    let own = [("form", form.as_str()), ("hash", hash)];

    let mine = site.get(&scene.responder, &path).await.form();
    let by_maker = [("form", mine.as_str()), ("hash", hash)];
    let refused = site.post(&scene.responder, &approve, &by_maker).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("You had this plan made"));
    for (name, tenant, role, expected) in [
        ("ann", ONE, "analyst", StatusCode::FORBIDDEN),
        ("bob", OTHER, "responder", StatusCode::NOT_FOUND),
        ("joey@joey.example", ONE, "responder", StatusCode::FORBIDDEN),
    ] {
        let (browser, _) = site.member(&scene.admin, name, tenant, role).await;
        let form = site.get(&browser, "/").await.form();
        let fields = [("form", form.as_str()), ("hash", hash)];
        let refused = site.post(&browser, &approve, &fields).await;
        assert_eq!(refused.status, expected, "{name}: {}", refused.body);
    }
    let foreign = [("form", mine.as_str()), ("hash", hash)];
    let refused = site.post(&second, &approve, &foreign).await;
    assert_eq!(
        refused.status,
        StatusCode::FORBIDDEN,
        "another session's form"
    );
    let other = [("form", form.as_str()), ("hash", "plan-9")];
    let refused = site.post(&second, &approve, &other).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    site.wait_minutes(16);
    let refused = site.post(&second, &approve, &own).await;
    assert!(refused.body.contains("/prove?next="), "{}", refused.body);
    assert_eq!(scene.fake.approvals(), 0);

    let code = site.code(&seed);
    let proof = [("form", form.as_str()), ("code", &code), ("next", &path)];
    site.post(&second, "/prove", &proof).await;
    for _ in 0..2 {
        let approved = site.post(&second, &approve, &own).await;
        assert_eq!(approved.header("location"), path, "{}", approved.body);
    }
    assert_eq!(scene.fake.approvals(), 1, "a second press changes nothing");
    let page = site.get(&second, &path).await;
    assert!(page.body.contains("another responder confirms"));
    assert!(
        !page.body.contains("name=\"local\""),
        "who approved does not confirm"
    );

    let code = site.code(&scene.seed);
    let proof = [("form", mine.as_str()), ("code", &code), ("next", &path)];
    site.post(&scene.responder, "/prove", &proof).await;
    let page = site.get(&scene.responder, &path).await;
    assert!(page.body.contains("Approved by sven."), "{}", page.body);
    let link = page.between("name=\"link\" value=\"", "\"");
    let confirm = [
        ("form", page.form()),
        ("hash", hash.to_owned()),
        ("link", link),
        ("step", "1".to_owned()),
        ("local", "joey".to_owned()),
    ];
    let mut more = confirm.clone().to_vec();
    more.push(("step", "2".to_owned()));
    let unapproved = send(&scene, &scene.responder, &more).await;
    assert_eq!(
        unapproved.status,
        StatusCode::FORBIDDEN,
        "other ticks were not approved"
    );
    let done = send(&scene, &scene.responder, &confirm).await;
    assert_eq!(done.header("location"), "/x/execution-1", "{}", done.body);
}

#[tokio::test]
async fn taking_back_asks_for_a_second_person_where_the_plan_did() {
    let scene = scene().await;
    let fields = shown(&scene, &scene.responder, &scene.path).await;
    send(&scene, &scene.responder, &fields).await;
    {
        let mut told = scene.fake.told.lock().expect("not poisoned");
        told.done.as_mut().expect("done").approved_by = vec!["rita".to_owned()];
    }
    let page = scene.site.get(&scene.responder, "/x/execution-1").await;
    assert!(!page.body.contains("Take this step back"));
    assert!(page.body.contains("is taken back by two"), "{}", page.body);
    let form = page.form();
    let fields = [("form", form.as_str()), ("step", "1")];
    let refused = scene
        .site
        .post(&scene.responder, "/x/execution-1/undo", &fields)
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let (other, _) = scene
        .site
        .member(&scene.admin, "sven", ONE, "responder")
        .await;
    let page = scene.site.get(&other, "/x/execution-1").await;
    let form = page.form();
    let fields = [("form", form.as_str()), ("step", "1")];
    let undone = scene
        .site
        .post(&other, "/x/execution-1/undo", &fields)
        .await;
    assert_eq!(undone.header("location"), "/x/execution-1");
}

#[tokio::test]
async fn a_plan_is_made_for_whom_it_is_asked() {
    let scene = scene().await;
    let make = scene.path.replace("/secure", "/plan");
    let page = scene.site.get(&scene.responder, &scene.path).await;
    let form = page.form();
    for (whom, expected) in [
        ("", StatusCode::SEE_OTHER),
        ("tenant", StatusCode::SEE_OTHER),
        ("7", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let fields = [("form", form.as_str()), ("whom", whom)];
        let made = scene.site.post(&scene.responder, &make, &fields).await;
        assert_eq!(made.status, expected, "{whom}");
    }
    let told = scene.fake.told.lock().expect("not poisoned");
    assert_eq!(
        told.whom,
        [Whom::Person("joey@joey.example".to_owned()), Whom::Tenant]
    );
}

#[tokio::test]
async fn where_nobody_can_act_nothing_leads_there() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let path = format!("/a/{}", site.incident_of(ONE));
    assert!(!site.get(&admin, &path).await.body.contains("/secure"));
    let secure = site.get(&admin, &format!("{path}/secure")).await;
    assert_eq!(secure.status, StatusCode::NOT_FOUND);
}
