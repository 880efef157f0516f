import { Button } from "#design-system/components/button.tsx";
import { useSignOut } from "../service-client/signed-in.ts";

/** Gives up a sign-in that waits for its second step; the page of the first follows. */
export function BeginAgainButton() {
  const signOut = useSignOut();
  return (
    <Button variant="quiet" isPending={signOut.isPending} onPress={() => signOut.mutate()}>
      Begin again
    </Button>
  );
}
