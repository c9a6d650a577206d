import { Route, Router, Switch } from 'wouter'
import { mountStaff } from '../shared/staff/mount.tsx'
import { NotFoundPage, StaffApp } from '../shared/staff/shell.tsx'
import { NewVisitPage } from './new-visit-page.tsx'
import { VisitPage } from './visit-page.tsx'
import { VisitsPage } from './visits-page.tsx'

mountStaff(
  <StaffApp>
    <Router base="/clinic">
      <Switch>
        <Route path="/">
          <VisitsPage />
        </Route>
        <Route path="/new">
          <NewVisitPage />
        </Route>
        <Route path="/intakes/:id">{({ id }) => <VisitPage key={id} intakeId={id} />}</Route>
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </Router>
  </StaffApp>,
)
