/** The page: a header, one view, a footer. */
import { route } from '../io/address.ts'
import { stale } from '../store.ts'
import { AlertPage } from './alert.tsx'
import { AlertsPage } from './alerts.tsx'
import { ContainerPage } from './container.tsx'
import { EventsPage } from './events.tsx'
import { FleetPage } from './fleet.tsx'
import { Banners, Footer, Header } from './frame.tsx'
import { HostPage } from './host.tsx'
import { KeyList } from './keys.tsx'
import { LogsPage } from './logs.tsx'
import { Palette } from './palette.tsx'
import { WallPage } from './wall.tsx'

function View() {
  const at = route.value
  switch (at.view) {
    case 'fleet':
      return <FleetPage />
    case 'wall':
      return <WallPage />
    case 'container':
      return <ContainerPage key={at.name} name={at.name} range={at.range} />
    case 'logs':
      return <LogsPage key={at.name} name={at.name} at={at.at} />
    case 'alert':
      return <AlertPage id={at.id} />
    case 'alerts':
      return <AlertsPage />
    case 'events':
      return <EventsPage />
    case 'host':
      return <HostPage />
  }
}

export function App() {
  return (
    <div class="page" data-view={route.value.view} data-stale={stale.value}>
      <Header />
      <Banners />
      <View />
      <Footer />
      <KeyList />
      <Palette />
    </div>
  )
}
