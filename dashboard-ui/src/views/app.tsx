/** The page: a header, one view, a footer. */
import { route } from '../io/address.ts'
import { link, silent } from '../store.ts'
import { AlertsPage } from './alerts.tsx'
import { ContainerPage } from './container.tsx'
import { EventsPage } from './events.tsx'
import { FleetPage } from './fleet.tsx'
import { Banners, Footer, Header } from './frame.tsx'
import { KeyList } from './keys.tsx'

function View() {
  const at = route.value
  switch (at.view) {
    case 'fleet':
    case 'wall':
      return <FleetPage />
    case 'container':
      return <ContainerPage key={at.name} name={at.name} range={at.range} />
    case 'alerts':
      return <AlertsPage />
    case 'events':
      return <EventsPage />
  }
}

export function App() {
  const stale = link.value.state === 'lost' || silent.value
  return (
    <div class="page" data-stale={stale}>
      <Header />
      <Banners />
      <View />
      <Footer />
      <KeyList />
    </div>
  )
}
