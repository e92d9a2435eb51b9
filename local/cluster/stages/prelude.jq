# What becomes of a pod follows from its own spec, by rules that a kubelet and a shop would have.
def alive: .metadata.deletionTimestamp == null and (.status.phase | IN("Succeeded", "Failed") | not);
def created: alive and .status.podIP != null;
def waits($reason): any(.status.containerStatuses[]?; .state.waiting.reason == $reason);
def runs: [.status.containerStatuses[]? | .state.running != null] | length > 0 and all;
def ready: any(.status.conditions[]?; .type == "Ready" and .status == "True");
def isjob: any(.metadata.ownerReferences[]?; .kind == "Job");

# Kubernetes leaves $(NAME) in an argument as it is when the container has no such variable.
def unresolved: (.env // [] | map(.name)) as $names
  | .envFrom == null and any((.command // []) + (.args // []) | .[] | scan("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)") | .[0]; IN($names[]) | not);
def fails: (.command // []) + (.args // []) | join(" ") | test("(^|[ ;&])(exit [1-9]|false$)");
def answers: (.readinessProbe.httpGet.path // "/") | test("^/($|healthz?$|ready$|readyz$|livez$|index\\.html$)");

def klass:
  if any(.spec.containers[]; .image | test("${unpullable}")) then "image"
  elif any(.spec.containers[]; unresolved or fails) then "crash"
  elif any(.spec.containers[]; answers | not) then "unready"
  else "ok" end;
