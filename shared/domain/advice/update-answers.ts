/** What to do after an answer about updates. */
const PUBLISHED_ANEW = "Have the update published anew.";
const CHECK_PLACE = "Check the place in the settings, under Updates.";

export const UPDATE_ANSWERS = {
  UPDATE_BUSY: "Wait for it to end.",
  UPDATE_DESCRIPTION_INVALID: PUBLISHED_ANEW,
  UPDATE_EXPORTS_RUNNING: "Wait until they have ended, or install all the same.",
  UPDATE_NOTHING_OFFERED: "Press Look now, and see what is offered.",
  UPDATE_NOT_INSTALLABLE: "Install the new version by hand, from the place for updates.",
  UPDATE_NOT_INSTALLED: "Look again and install it once more, or install it by hand.",
  UPDATE_NOT_KEPT: "Free up space on the disk of the site's folder, then install it again.",
  UPDATE_NOT_PUBLISHED: "Check the place in the settings, under Updates, or have an update published there.",
  UPDATE_NO_KEY: "Install new versions by hand, or have the console built with the publisher's key.",
  UPDATE_NO_PACKAGE: "Have a package for this system published as well.",
  UPDATE_OLDER: "Have the newest version published there.",
  UPDATE_OTHER_PRODUCT: CHECK_PLACE,
  UPDATE_PACKAGE_ALTERED: PUBLISHED_ANEW,
  UPDATE_PACKAGE_TRUNCATED: PUBLISHED_ANEW,
  UPDATE_PLACE_INVALID:
    "Enter a folder, or an address such as https://updates.example/evidence-desk/ without user, password and query.",
  UPDATE_PLACE_UNREACHABLE: "Check the network, and the place in the settings, under Updates.",
  UPDATE_SIGNATURE_WRONG:
    "Have whoever publishes updates sign it with the key that this console knows. If nobody has changed it knowingly, tell your security administrator.",
  UPDATE_UNSIGNED: "Have that file published as well; it is made together with the description.",
} as const satisfies Record<string, string>;
