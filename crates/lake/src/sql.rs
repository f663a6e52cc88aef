//! Queries in SQL: reading only, over the tables of the lake only.

use crate::cells::{self, Rows};
use crate::error::LakeError;
use crate::lake::Lake;
use crate::tables::Table;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;
use std::ops::ControlFlow;

impl Lake {
    /// Runs a query and hands its rows over as they come. The tables are as they were when
    /// the query began.
    pub async fn sql(
        &self,
        text: &str,
        visit: &mut dyn FnMut(&Rows) -> ControlFlow<()>,
    ) -> Result<(), LakeError> {
        let session = self.session();
        let plan = self.plan(&session, text).await?;
        let frame = session
            .execute_logical_plan(plan)
            .await
            .map_err(LakeError::query)?;
        let columns = frame
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect();
        let mut batches = frame.execute_stream().await.map_err(LakeError::query)?;
        // An answer without rows has columns too.
        let mut flow = visit(&Rows {
            columns,
            rows: Vec::new(),
        });
        while flow.is_continue()
            && let Some(batch) = batches.try_next().await.map_err(LakeError::query)?
        {
            flow = visit(&cells::rows(&batch)?);
        }
        Ok(())
    }

    pub(crate) async fn plan(
        &self,
        session: &SessionContext,
        text: &str,
    ) -> Result<LogicalPlan, LakeError> {
        let state = session.state();
        let dialect = state.config().options().sql_parser.dialect;
        let statement = state
            .sql_to_statement(text, &dialect)
            .map_err(LakeError::query)?;
        let named = state
            .resolve_table_references(&statement)
            .map_err(LakeError::query)?;
        let named: Vec<_> = named
            .iter()
            .map(|reference| Table::named(reference.table()))
            .collect();
        // SHOW TABLES and DESCRIBE look at all of them.
        let asks_for_all = named.is_empty() || named.iter().any(Option::is_none);
        for table in Table::all().filter(|table| asks_for_all || named.contains(&Some(*table))) {
            let provider = self.provider(table).await?;
            session
                .register_table(table.name(), provider)
                .map_err(LakeError::query)?;
        }
        let plan = state
            .statement_to_plan(statement)
            .await
            .map_err(LakeError::query)?;
        must_only_read(&plan, text)?;
        Ok(plan)
    }
}

fn must_only_read(plan: &LogicalPlan, text: &str) -> Result<(), LakeError> {
    let options = SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false);
    let what = || {
        text.split_whitespace()
            .next()
            .unwrap_or_default()
            .to_uppercase()
    };
    options
        .verify_plan(plan)
        .map_err(|_| LakeError::ReadOnly { what: what() })
}
