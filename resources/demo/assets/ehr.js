// Shows what has changed when the user comes back from a page of ours in another tab.
let wasHidden = false;
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') wasHidden = true;
  else if (wasHidden) globalThis.location.reload();
});
