import { Route, Router, Switch } from 'wouter'
import { mountStaff } from '../shared/staff/mount.tsx'
import { NotFoundPage, StaffApp } from '../shared/staff/shell.tsx'
import { DeadLettersPage } from './dead-letters-page.tsx'
import { OverrideListPage } from './override-list-page.tsx'
import { OverridePage } from './override-page.tsx'

mountStaff(
  <StaffApp>
    <Router base="/ops">
      <Switch>
        <Route path="/">
          <OverrideListPage />
        </Route>
        <Route path="/overrides/:id">{({ id }) => <OverridePage key={id} id={id} />}</Route>
        <Route path="/dead-letters">
          <DeadLettersPage />
        </Route>
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </Router>
  </StaffApp>,
)
