import { Route, Router, Switch } from 'wouter'
import { mountStaff } from '../shared/staff/mount.tsx'
import { NotFoundPage, StaffApp } from '../shared/staff/shell.tsx'
import { askFirst, watchLeaving } from '../shared/staff/unsaved.ts'
import { ConnectionPage } from './connection-page.tsx'
import { ConnectionsPage } from './connections-page.tsx'
import { ConsentPage } from './consent-page.tsx'
import { ConsentsPage } from './consents-page.tsx'
import { FlowsPage } from './flows-page.tsx'
import { FormPage, NewFormPage } from './form-page.tsx'
import { FormsPage } from './forms-page.tsx'
import { LookPage } from './look-page.tsx'
import { PayerPage } from './payer-page.tsx'
import { PayersPage } from './payers-page.tsx'
import { OpsRulesPage } from './rules-page.tsx'
import { SchedulerPage } from './scheduler-page.tsx'

watchLeaving()
mountStaff(
  <StaffApp>
    <Router base="/admin" aroundNav={askFirst}>
      <Switch>
        <Route path="/">
          <ConnectionsPage />
        </Route>
        <Route path="/connections/:id">{({ id }) => <ConnectionPage key={id} adapterId={id} />}</Route>
        <Route path="/payers">
          <PayersPage />
        </Route>
        <Route path="/payers/:id">{({ id }) => <PayerPage key={id} payerId={id} />}</Route>
        <Route path="/rules">
          <OpsRulesPage />
        </Route>
        <Route path="/look">
          <LookPage />
        </Route>
        <Route path="/forms">
          <FormsPage />
        </Route>
        <Route path="/forms/~new">
          <NewFormPage />
        </Route>
        <Route path="/forms/:id">{({ id }) => <FormPage key={id} formId={id} />}</Route>
        <Route path="/consents">
          <ConsentsPage />
        </Route>
        <Route path="/consents/:kind">{({ kind }) => <ConsentPage key={kind} kind={kind} />}</Route>
        <Route path="/scheduler">
          <SchedulerPage />
        </Route>
        <Route path="/flows">
          <FlowsPage />
        </Route>
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </Router>
  </StaffApp>,
)
