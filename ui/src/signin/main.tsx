import { mountStaff } from '../shared/staff/mount.tsx'
import { SignInPage } from './sign-in-page.tsx'

mountStaff(<SignInPage />)
