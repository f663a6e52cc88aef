//! How wide the columns of a table are on paper.
//!
//! Every column is given at least what its words need; the rest of the page goes first to
//! those that want little more, so that a long text takes no room from a date.

/// What a column needs, in points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Need {
    /// The least in which its words are whole.
    pub(super) least: f64,
    /// In which most of its cells stand in one line.
    pub(super) wanted: f64,
}

/// A column narrower than this says nothing, in points.
pub(super) const NARROWEST: f64 = 36.0;

/// Returns how many of the columns fit beside one another, however narrow.
pub(super) fn fitting(needs: &[Need], room: f64) -> usize {
    let mut used = 0.0;
    needs
        .iter()
        .take_while(|need| {
            used += need.least.min(NARROWEST);
            used <= room
        })
        .count()
}

/// Returns how much the columns need at least.
pub(super) fn least(needs: &[Need]) -> f64 {
    needs.iter().map(|need| need.least).sum()
}

/// Deals a page's width to columns that fit on it.
pub(super) fn widths(needs: &[Need], room: f64) -> Vec<f64> {
    let are_tight = least(needs) > room;
    let mut widths: Vec<f64> = needs
        .iter()
        .map(|need| {
            if are_tight {
                need.least.min(NARROWEST)
            } else {
                need.least
            }
        })
        .collect();
    let more = |at: usize, width: f64| (needs[at].wanted - width).max(0.0);
    let mut order: Vec<usize> = (0..needs.len()).collect();
    order.sort_by(|one, other| more(*one, widths[*one]).total_cmp(&more(*other, widths[*other])));
    let mut spare = room - widths.iter().sum::<f64>();
    for (nth, at) in order.into_iter().enumerate() {
        let share = spare / (needs.len() - nth) as f64;
        let given = more(at, widths[at]).min(share).max(0.0);
        widths[at] += given;
        spare -= given;
    }
    let total: f64 = widths.iter().sum();
    widths.iter().map(|width| width * room / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(least: f64, wanted: f64) -> Need {
        Need { least, wanted }
    }

    #[test]
    fn the_page_is_full_and_no_column_is_below_its_least() {
        let needs = [need(40.0, 40.0), need(60.0, 900.0), need(50.0, 84.0)];
        let widths = widths(&needs, 470.0);
        assert!((widths.iter().sum::<f64>() - 470.0).abs() < 1e-6);
        for (width, need) in widths.iter().zip(needs) {
            assert!(*width >= need.least);
        }
        assert!((widths[2] - 84.0).abs() < 1e-6, "{widths:?}");
    }

    #[test]
    fn columns_that_are_too_many_are_narrow_and_then_left_out() {
        let needs = vec![need(72.0, 100.0); 30];
        assert_eq!(fitting(&needs, 720.0), 20);
        let widths = widths(&needs[..20], 720.0);
        assert!(widths.iter().all(|width| (width - NARROWEST).abs() < 1e-6));
    }
}
