import { Route, Router, Switch } from 'wouter'
import { mountStaff } from '../shared/staff/mount.tsx'
import { NotFoundPage, StaffApp } from '../shared/staff/shell.tsx'
import { BulkListPage, BulkPage } from './bulk-pages.tsx'
import { DeadLettersPage } from './dead-letters-page.tsx'
import { IncidentsPage } from './incidents.tsx'
import { ItemPage } from './item-page.tsx'
import { OpsFrame } from './ops-frame.tsx'
import { QueuePage } from './queue-page.tsx'
import { TriageProvider } from './triage.tsx'
import { ToastProvider } from './undo-toasts.tsx'
import { WaitingPage } from './waiting-page.tsx'

mountStaff(
  <StaffApp>
    <Router base="/ops">
      <TriageProvider>
        <ToastProvider>
          <OpsFrame>
            <Switch>
              <Route path="/">
                <QueuePage />
              </Route>
              <Route path="/overrides/:id">{({ id }) => <ItemPage key={id} id={id} />}</Route>
              <Route path="/waiting">
                <WaitingPage />
              </Route>
              <Route path="/incidents">
                <IncidentsPage />
              </Route>
              <Route path="/bulk">
                <BulkListPage />
              </Route>
              <Route path="/bulk/:id">{({ id }) => <BulkPage key={id} id={id} />}</Route>
              <Route path="/dead-letters">
                <DeadLettersPage />
              </Route>
              <Route>
                <NotFoundPage />
              </Route>
            </Switch>
          </OpsFrame>
        </ToastProvider>
      </TriageProvider>
    </Router>
  </StaffApp>,
)
