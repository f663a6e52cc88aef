//! What concerns the whole organisation: mail flow rules, and mail that leaves by itself.

use super::{Cmdlet, Done, ORGANIZATION, SECURITY, bad, needed};
use crate::exchange::{Failure, Order};

pub(super) const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Disable-TransportRule",
        roles: ORGANIZATION,
        parameters: &["Mode"],
        run: |order| switch(order, "Disabled"),
    },
    Cmdlet {
        name: "Enable-TransportRule",
        roles: ORGANIZATION,
        parameters: &["Mode"],
        run: |order| switch(order, "Enabled"),
    },
    Cmdlet {
        name: "Set-HostedOutboundSpamFilterPolicy",
        roles: SECURITY,
        parameters: &["AutoForwardingMode"],
        run: outbound,
    },
    Cmdlet {
        name: "Set-AdminAuditLogConfig",
        roles: ORGANIZATION,
        parameters: &["UnifiedAuditLogIngestionEnabled"],
        run: log,
    },
];

fn log(order: &Order<'_>) -> Result<Done, Failure> {
    let wanted = order.parameters.value("UnifiedAuditLogIngestionEnabled");
    let wanted = wanted.map(|_| order.parameters.is_on("UnifiedAuditLogIngestionEnabled"));
    let object = format!("{}\\Admin Audit Log Settings", order.tenant.initial_domain);
    order.cloud.change(order.place, |tenant| {
        let settings = &mut tenant.settings;
        if wanted.is_none_or(|wanted| settings.unified_audit == wanted) {
            return Ok(Done::unchanged(&object));
        }
        settings.unified_audit = wanted.unwrap_or_default();
        Ok(Done::on(object))
    })
}

fn switch(order: &Order<'_>, state: &'static str) -> Result<Done, Failure> {
    let name = needed(order, "Identity")?;
    let now = order.cloud.now();
    order.cloud.change(order.place, |tenant| {
        let mut rules = tenant.transport_rules.iter_mut();
        let rule = rules.find(|rule| rule.id == name || rule.name.eq_ignore_ascii_case(name));
        let rule = rule.ok_or_else(|| Failure::not_found(name))?;
        rule.state = state;
        rule.changed = now;
        Ok(Done::on(&rule.name))
    })
}

fn outbound(order: &Order<'_>) -> Result<Done, Failure> {
    let name = needed(order, "Identity")?;
    if !name.eq_ignore_ascii_case("Default") {
        return Err(Failure::not_found(name));
    }
    let wanted = needed(order, "AutoForwardingMode")?;
    let modes = ["Automatic", "On", "Off"];
    let mode = modes
        .into_iter()
        .find(|mode| mode.eq_ignore_ascii_case(wanted));
    let mode = mode.ok_or_else(|| {
        bad("Cannot process argument transformation on parameter 'AutoForwardingMode'.")
    })?;
    order.cloud.change(order.place, |tenant| {
        let settings = &mut tenant.settings;
        if settings.auto_forwarding == mode {
            return Ok(Done::unchanged("Default"));
        }
        settings.auto_forwarding = mode;
        Ok(Done::on("Default"))
    })
}
