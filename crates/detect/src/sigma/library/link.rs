//! What a correlation rule says: which rules it links, and what it looks for among their matches.

use super::read::{Draft, Refused, attack_of, severity_of, status_text};
use rsigma_parser::{
    ConditionOperator, CorrelationCondition, CorrelationRule, CorrelationType, WindowMode,
};

/// What a correlation says of itself and of what it links.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) draft: Draft,
    pub(crate) kind: LinkKind,
    /// The rules it links, by id, name or title.
    pub(crate) rules: Vec<String>,
    pub(crate) group_by: Vec<String>,
    /// For each name to group by that stands for others: the rule and the field it stands for.
    pub(crate) aliases: Vec<(String, Vec<(String, String)>)>,
    pub(crate) seconds: i64,
    pub(crate) bounds: Vec<(Bound, u64)>,
    /// Whose different values are counted.
    pub(crate) counted: Vec<String>,
    /// Whether the rules it links speak for themselves too.
    pub(crate) rules_speak: bool,
}

/// What a correlation looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkKind {
    EventCount,
    ValueCount,
    Temporal,
    TemporalOrdered,
}

/// How a count is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Below,
    AtMost,
    Above,
    AtLeast,
    Equal,
    Unequal,
}

/// Reads a correlation.
pub(super) fn link_of(rule: &CorrelationRule) -> Result<Link, Refused> {
    let id = rule.id.as_deref().unwrap_or_default();
    let refuse = |why: &str| Refused::new(&rule.title, id, why);
    let kind = match rule.correlation_type {
        CorrelationType::EventCount => LinkKind::EventCount,
        CorrelationType::ValueCount => LinkKind::ValueCount,
        CorrelationType::Temporal => LinkKind::Temporal,
        CorrelationType::TemporalOrdered => LinkKind::TemporalOrdered,
        other => {
            return Err(refuse(&format!(
                "correlations of type `{}` are not supported",
                other.as_str()
            )));
        }
    };
    if rule.window != WindowMode::Sliding {
        return Err(refuse("only sliding windows are supported"));
    }
    let CorrelationCondition::Threshold {
        predicates, field, ..
    } = &rule.condition
    else {
        return Err(refuse(
            "a condition over rule names is not supported, only a threshold",
        ));
    };
    if kind == LinkKind::ValueCount && field.is_none() {
        return Err(refuse(
            "`value_count` needs the field whose values are counted",
        ));
    }
    let mut aliases = Vec::new();
    for alias in &rule.aliases {
        let mut fields = Vec::new();
        for (rule, field) in &alias.mapping {
            fields.push((rule.clone(), field.clone()));
        }
        fields.sort();
        aliases.push((alias.alias.clone(), fields));
    }
    Ok(Link {
        draft: Draft {
            id: id.to_owned(),
            name: rule.name.clone().unwrap_or_default(),
            title: rule.title.clone(),
            description: rule.description.clone().unwrap_or_default(),
            severity: severity_of(rule.level),
            attack: attack_of(&rule.tags),
            logsource: "correlation".to_owned(),
            status: status_text(rule.status),
            author: rule.author.clone().unwrap_or_default(),
            benign: rule.falsepositives.clone(),
            routes: Vec::new(),
            never: None,
        },
        kind,
        rules: rule.rules.clone(),
        group_by: rule.group_by.clone(),
        aliases,
        seconds: rule.timespan.seconds as i64,
        bounds: predicates
            .iter()
            .map(|(operator, many)| (bound(*operator), *many))
            .collect(),
        counted: field.clone().unwrap_or_default(),
        rules_speak: rule.generate,
    })
}

fn bound(operator: ConditionOperator) -> Bound {
    match operator {
        ConditionOperator::Lt => Bound::Below,
        ConditionOperator::Lte => Bound::AtMost,
        ConditionOperator::Gt => Bound::Above,
        ConditionOperator::Gte => Bound::AtLeast,
        ConditionOperator::Eq => Bound::Equal,
        ConditionOperator::Neq => Bound::Unequal,
    }
}
