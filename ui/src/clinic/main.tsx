import { Route, Router, Switch } from 'wouter'
import { mountStaff } from '../shared/staff/mount.tsx'
import { NotFoundPage, StaffApp } from '../shared/staff/shell.tsx'
import { ImportPage } from './import-page.tsx'
import { NewVisitPage } from './new-visit-page.tsx'
import { PrintPage } from './print-page.tsx'
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
        <Route path="/import">
          <ImportPage />
        </Route>
        <Route path="/print">
          <PrintPage />
        </Route>
        <Route path="/intakes/:id">{({ id }) => <VisitPage key={id} intakeId={id} />}</Route>
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </Router>
  </StaffApp>,
)
