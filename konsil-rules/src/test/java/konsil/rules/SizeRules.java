package konsil.rules;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** What a reader can hold at once: limits on the size and the names of a source file, checked on its syntax tree. */
final class SizeRules {
    static final int FILE_LINES = 400;
    static final int METHOD_LINES = 40;
    static final int PARAMETERS = 6;
    static final int COLUMNS = 120;

    private static final Pattern EMPTY_NAME = Pattern.compile(".+(Utils?|Manager|Helper|Impl)");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b"); // the words that mark it

    private SizeRules() {}

    /**
     * Everything in one file that breaks a limit.
     *
     * @param name what to call the file in a message
     * @return one line each, "name:line: what", empty if all is well
     */
    static List<String> offences(String name, String source) throws IOException {
        List<String> found = new ArrayList<>();
        List<String> lines = source.lines().toList();
        if (lines.size() > FILE_LINES) {
            found.add("%s:1: %d lines, at most %d".formatted(name, lines.size(), FILE_LINES));
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.length() > COLUMNS) {
                found.add("%s:%d: %d columns, at most %d".formatted(name, i + 1, line.length(), COLUMNS));
            }
            if (UNFINISHED.matcher(line).find() && !line.contains("the words that mark it")) {
                found.add("%s:%d: unfinished mark".formatted(name, i + 1));
            }
        }
        scanTree(name, source, found);
        return found;
    }

    private static void scanTree(String name, String source, List<String> found) throws IOException {
        JavaFileObject file = new SimpleJavaFileObject(URI.create("mem:///Source.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        var compiler = ToolProvider.getSystemJavaCompiler();
        var task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, List.of(file));
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        for (CompilationUnitTree unit : task.parse()) new Scan(name, unit, positions, found).scan(unit, null);
    }

    private static final class Scan extends TreeScanner<Void, Void> {
        private final String name;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        Scan(String name, CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.name = name;
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            String simpleName = type.getSimpleName().toString();
            if (EMPTY_NAME.matcher(simpleName).matches()) {
                report(type, "class name %s says nothing about its duty".formatted(simpleName));
            }
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            int parameters = method.getParameters().size();
            if (parameters > PARAMETERS && !isCompactConstructor(method)) {
                report(method, "%s has %d parameters, at most %d".formatted(method.getName(), parameters, PARAMETERS));
            }
            long lines = lastLine(method) - line(method) + 1;
            if (lines > METHOD_LINES && !isTable(method)) {
                report(method, "%s has %d lines, at most %d".formatted(method.getName(), lines, METHOD_LINES));
            }
            return super.visitMethod(method, null);
        }

        /** Its parameters are the record's components, which stand before it. */
        private boolean isCompactConstructor(MethodTree method) {
            long start = positions.getStartPosition(unit, method);
            return positions.getStartPosition(unit, method.getParameters().getFirst()) < start;
        }

        /** Cases of a test, all in one statement: rows to look up, not logic to hold in mind. */
        private boolean isTable(MethodTree method) {
            return name.contains("src/test/")
                    && method.getBody().getStatements().size() == 1;
        }

        private long line(Tree tree) {
            return unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
        }

        private long lastLine(Tree tree) {
            return unit.getLineMap().getLineNumber(positions.getEndPosition(unit, tree));
        }

        private void report(Tree tree, String what) {
            found.add(String.format(Locale.ROOT, "%s:%d: %s", name, line(tree), what));
        }
    }
}
